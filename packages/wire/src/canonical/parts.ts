/**
 * The pieces a message is made of, in one vocabulary for every protocol.
 * Names follow the field: a "part" is a typed piece of a message's content.
 */

/** Where binary content lives. `data` is base64 without a `data:` prefix. */
export type MediaSource =
  | { kind: 'url'; url: string }
  | { kind: 'base64'; mediaType: string; data: string }
  | { kind: 'file-id'; fileId: string };

/** A prompt-cache breakpoint (Anthropic `cache_control`). */
export interface CacheMark {
  ttl?: '5m' | '1h';
}

export interface TextPart {
  type: 'text';
  text: string;
  cache?: CacheMark;
}

export interface ImagePart {
  type: 'image';
  source: MediaSource;
  detail?: 'auto' | 'low' | 'high' | 'original';
  cache?: CacheMark;
}

export interface FilePart {
  type: 'file';
  source: MediaSource;
  filename?: string;
  cache?: CacheMark;
}

/** Text by which the model declines; OpenAI keeps it apart from `text`. */
export interface RefusalPart {
  type: 'refusal';
  text: string;
}

/**
 * An opaque proof that a model wrote some reasoning: Anthropic `signature` or `redacted_thinking.data`,
 * OpenAI `encrypted_content`. It is replayed byte for byte, and only to its issuer.
 */
export interface Signature {
  /** Who made it: the provider id the gateway knows, or the client protocol's vendor when the client brought it. */
  issuer: string;
  /** `redacted`: the reasoning itself is inside and there is no visible text (Anthropic `redacted_thinking`). */
  kind: 'signature' | 'redacted' | 'encrypted';
  data: string;
}

export interface ReasoningPart {
  type: 'reasoning';
  /** Item id in the protocol it came from (`rs_…`); needed byte-exact when replayed to its issuer. */
  id?: string;
  /** Full visible thinking (Anthropic `thinking`, Chat `reasoning_content`, Responses `content[].reasoning_text`). */
  text: string;
  /** Summaries, in order (Responses `summary[].summary_text`). */
  summary: string[];
  signature?: Signature;
}

/**
 * What sort of call a tool takes. `function`: JSON arguments. `custom`: free text (Codex `apply_patch`, `exec`).
 * `tool-search`: the client-executed `tool_search`. `local-shell`: legal in Responses history only.
 */
export type ToolKind = 'function' | 'custom' | 'tool-search' | 'local-shell';

export interface ToolCallPart {
  type: 'tool-call';
  kind: ToolKind;
  /** `call_id`: ties the call to its result. Never the item id. */
  id: string;
  /** Item id in Responses (`fc_…`, `ctc_…`), where one was given. */
  itemId?: string;
  name: string;
  namespace?: string;
  /** `custom`: the free text. All other kinds: the arguments as JSON text, exactly as written; `{}` when there are none. */
  input: string;
  /** Some providers sign the call itself (Gemini thought signatures). */
  signature?: Signature;
  cache?: CacheMark;
}

export type ToolResultContent = TextPart | ImagePart | FilePart;

export interface ToolResultPart {
  type: 'tool-result';
  kind: ToolKind;
  callId: string;
  content: ToolResultContent[];
  isError?: boolean;
  cache?: CacheMark;
}

/** A piece that only its own protocol understands; kept so that the same protocol gets it back, reported as a loss elsewhere. */
export interface OpaquePart {
  type: 'opaque';
  protocol: ProviderProtocolName;
  /** The vendor's own `type` of the piece, for the loss report. */
  label: string;
  raw: unknown;
}

export type ProtocolName = 'openai-responses' | 'openai-chat' | 'anthropic-messages' | 'gemini';

/** What a provider may speak: Bedrock's protocol has no clients. */
export type ProviderProtocolName = ProtocolName | 'bedrock-converse';

export type SystemPart = TextPart;
export type UserPart = TextPart | ImagePart | FilePart | OpaquePart;
export type AssistantPart = TextPart | RefusalPart | ReasoningPart | ToolCallPart | OpaquePart;
