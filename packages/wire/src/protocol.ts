import type {
  Loss,
  ProtocolName,
  ProviderProtocolName,
  ToolNames,
  TurnEvent,
  TurnRequest,
  TurnResponse,
  Usage,
  WireError,
} from './canonical/index.ts';
import type { SseEvent, SseParser } from './sse/index.ts';

/** A value, or the one clear error that says what is wrong and where. */
export type Decoded<T> = { ok: true; value: T; losses: Loss[] } | { ok: false; error: WireError };

/** What a provider can take, as far as the encoder must know. */
export interface EncodeTarget {
  /** The model name to send upstream. */
  model: string;
  /** The provider's id: signatures whose issuer differs are dropped and reported as losses. */
  issuer: string;
  /** Chat backends differ; absent means the strict common ground. */
  quirks?: TargetQuirks;
  /** Sent when the client named no limit and the target protocol requires one (Anthropic). Default 32000. */
  defaultMaxOutputTokens?: number;
  /**
   * The client wrote its request in this protocol and for this backend: what only the two of them understand goes on as
   * it was sent. Absent: the common ground.
   */
  ownFields?: boolean;
}

export interface TargetQuirks {
  /** The backend knows the `developer` role (otherwise it becomes `system`). */
  developerRole?: boolean;
  /** Chat: `max_completion_tokens` instead of `max_tokens`. */
  maxCompletionTokens?: boolean;
  /** Chat: field that carries visible reasoning in requests; absent means it is dropped. */
  reasoningField?: 'reasoning_content' | 'reasoning';
  /** The backend takes an effort. Absent: Chat sends none, Responses sends it. */
  reasoningEffort?: boolean;
  /** Chat: the backend knows `stream_options.include_usage`. Default true. */
  streamUsage?: boolean;
  /** The backend takes image parts. Default true. */
  images?: boolean;
  /** Chat: the backend takes `parallel_tool_calls`. Default true. */
  parallelToolCalls?: boolean;
  /** Chat: the backend takes `top_k`. */
  topK?: boolean;
  /** Chat: the backend takes `response_format: json_schema`. Default true. */
  jsonSchema?: boolean;
  /** Chat: whose rule call ids must keep. Default `openai`. */
  callIds?: 'openai' | 'mistral';
  /**
   * Chat: how the backend is told to go on with an answer that its client began: `prefix` or `partial` on that message,
   * `continue_final_message` on the request, or it does by itself (`continued`). Absent: it answers anew.
   */
  begunAnswer?: 'prefix' | 'partial' | 'final-message' | 'continued';
  /** The backend takes `strict` on function tools. */
  strictTools?: boolean;
  /** Messages: the backend takes `role: system` in the middle of a conversation. */
  systemMessages?: boolean;
  /** Messages: how the model is told to think. Absent: told from the model's name. */
  thinking?: 'budget' | 'adaptive' | 'none';
  /** Chat: the backend knows `refusal` on assistant messages (otherwise a refusal is sent as content). */
  refusalField?: boolean;
  /**
   * The backend takes OpenAI's own extras: `prompt_cache_key`, `store`, `service_tier`, `metadata`, `verbosity`, `user`.
   * Absent: Chat sends none, Responses sends them.
   */
  openaiFields?: boolean;
  /** Responses: the backend knows plain function tools only; freeform, namespaced and search tools are flattened. */
  functionToolsOnly?: boolean;
  /** Gemini: the backend knows ids on calls and their responses. Default true. */
  functionCallIds?: boolean;
}

/** A provider request ready to send. `names` and `echo` must be handed to the decoders of its answer. */
export interface EncodedRequest {
  body: Record<string, unknown>;
  names: ToolNames;
  /** What the answer may begin with although the client has it already: the answer it began itself. */
  echo?: string;
  losses: Loss[];
}

/** What the client side needs to know while its answer is written. */
export interface AnswerContext {
  /** The model name the client asked for; it is echoed back. */
  model: string;
  /** The provider's id: stamped on signatures so that they can find their issuer again. */
  issuer: string;
  /** Gives unique ids: `newId('msg')` → `msg_…`. Random source injected: this package is pure. */
  newId(prefix: string): string;
  /** Unix seconds. */
  nowSeconds(): number;
  /** The decoded request, for fields the answer repeats (Responses snapshot) or depends on (`includeUsage`). */
  request: TurnRequest;
}

/** Turns provider bytes, already split into SSE events, into canonical events. */
export interface StreamDecoder {
  /** Events that follow from one SSE event, in order. After `finish` or `error` it returns nothing more. */
  push(event: SseEvent): TurnEvent[];
  /** The connection closed. A stream without a terminal event yields `error` (kind `server`, code `stream_truncated`). */
  end(): TurnEvent[];
}

/** Turns canonical events into the client's SSE text. */
export interface StreamEncoder {
  /** SSE text to write now; may be empty. */
  push(event: TurnEvent): string;
  /** Text that re-arms the client's idle timer (a typed event for Codex, `ping` for Messages, a comment for Chat). */
  heartbeat(): string;
}

/** An HTTP error answer in the client's own envelope. */
export interface EncodedError {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** Reads usage and outcome from bytes that pass through untouched. */
export interface PassthroughReader {
  /**
   * One SSE event of a stream. Must be cheap for events that carry no usage.
   * @returns false when it changed nothing of what is seen, and neither would it with another text in it
   */
  push(event: SseEvent): boolean;
  /** What was seen so far. */
  seen(): {
    usage?: Usage;
    finish?: string;
    error?: WireError;
    model?: string;
    id?: string;
    terminal: boolean;
  };
}

/** One wire protocol, as client side (decode request, encode answer) and as provider side (encode request, decode answer). */
export interface Protocol {
  readonly name: ProtocolName;
  decodeRequest(body: unknown): Decoded<TurnRequest>;
  encodeRequest(request: TurnRequest, target: EncodeTarget): EncodedRequest;
  /** `issuer`: provider id to stamp on signatures found in the answer. */
  decodeResponse(body: unknown, context: DecodeContext): Decoded<TurnResponse>;
  encodeResponse(response: TurnResponse, context: AnswerContext): unknown;
  createStreamDecoder(context: DecodeContext): StreamDecoder;
  createStreamEncoder(context: AnswerContext): StreamEncoder;
  /** An HTTP error from a provider. `body`: parsed JSON, or the raw text where it was not JSON. */
  decodeError(status: number, headers: Record<string, string | undefined>, body: unknown): WireError;
  encodeError(error: WireError): EncodedError;
  /** Reads the usage of a non-streamed answer that passes through untouched. */
  readUsage(body: unknown): Usage | undefined;
  createPassthroughReader(): PassthroughReader;
}

/** The provider side of a wire protocol. */
export interface ProviderProtocol extends Pick<
  Protocol,
  'encodeRequest' | 'decodeResponse' | 'createStreamDecoder' | 'decodeError'
> {
  readonly name: ProviderProtocolName;
  /** Splits a stream's bytes into events. Absent: they are server-sent events. */
  createParser?(): SseParser;
}

export interface DecodeContext {
  names: ToolNames;
  echo?: string;
  issuer: string;
  newId(prefix: string): string;
  nowSeconds(): number;
}
