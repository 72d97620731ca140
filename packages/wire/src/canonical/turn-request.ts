import type {
  AssistantPart,
  CacheMark,
  ProtocolName,
  SystemPart,
  ToolResultPart,
  UserPart,
} from './parts.ts';
import type { ToolChoice, ToolDefinition } from './tools.ts';

/**
 * One message. Tool results are their own role: encoders merge them into the user turn (Anthropic)
 * or write one item each (Responses, Chat).
 */
export type Message =
  | { role: 'system' | 'developer'; parts: SystemPart[] }
  | { role: 'user'; parts: UserPart[]; name?: string }
  | { role: 'assistant'; parts: AssistantPart[]; id?: string; name?: string; phase?: string }
  | { role: 'tool'; parts: ToolResultPart[] };

export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** What the client asked about the model's thinking. */
export interface ReasoningRequest {
  effort?: ReasoningEffort;
  /** Responses `reasoning.summary`. */
  summary?: 'auto' | 'concise' | 'detailed' | 'none';
  /** Anthropic `thinking.budget_tokens`. */
  budgetTokens?: number;
  /** Anthropic `thinking.type: adaptive`. */
  adaptive?: boolean;
  /** Explicitly switched off (Anthropic `thinking.type: disabled`). */
  disabled?: boolean;
}

export type ResponseFormat =
  | { type: 'text' }
  | { type: 'json-object' }
  | {
      type: 'json-schema';
      name: string;
      schema: Record<string, unknown>;
      description?: string;
      strict?: boolean;
      /** The client said it in full JSON Schema where its protocol also has a dialect of its own (Gemini). */
      fullSchema?: true;
    };

/** Request fields of one protocol, as they stood in the body (Gemini `safetySettings`, Chat `logit_bias`, what a server has of its own …). */
export interface VendorFields {
  protocol: ProtocolName;
  fields: Record<string, unknown>;
}

/** A model turn as every protocol means it. System and developer messages stay in place in `messages`. */
export interface TurnRequest {
  model: string;
  messages: Message[];
  tools: ToolDefinition[];
  /** Absent: the protocol's default (auto). */
  toolChoice?: ToolChoice;
  parallelToolCalls?: boolean;
  maxOutputTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  seed?: number;
  stop?: string[];
  reasoning?: ReasoningRequest;
  responseFormat?: ResponseFormat;
  verbosity?: 'low' | 'medium' | 'high';
  stream: boolean;
  /** Chat `stream_options.include_usage`; the other protocols always report usage. */
  includeUsage?: boolean;
  serviceTier?: string;
  user?: string;
  /** Responses/Chat `prompt_cache_key`. */
  cacheKey?: string;
  /** Automatic cache mark on the whole request (Anthropic top-level `cache_control`). */
  cache?: CacheMark;
  metadata?: Record<string, string>;
  /** Responses `store`; absent when the client did not say. */
  store?: boolean;
  previousResponseId?: string;
  /** The client speaks Chat's retired `functions` dialect and reads `function_call` instead of `tool_calls`. */
  legacyFunctions?: boolean;
  /** Fields that only the client's own protocol understands; kept for it, a loss elsewhere. */
  vendor?: VendorFields;
  /** Settings as the client wrote them, which its own protocol repeats in every answer (Responses). */
  echo?: Record<string, unknown>;
}
