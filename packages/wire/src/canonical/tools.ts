import type { CacheMark, ProtocolName, ToolKind } from './parts.ts';

export type JsonSchema = Record<string, unknown>;

/** A tool the model may call. `(namespace, name)` is unique within a request. */
export type ToolDefinition =
  | {
      kind: 'function';
      name: string;
      namespace?: string;
      /** What the namespace as a whole is for; the same on each of its tools. Kept where the target has namespaces. */
      namespaceDescription?: string;
      description?: string;
      parameters: JsonSchema;
      strict?: boolean;
      /** The client said it in full JSON Schema where its protocol also has a dialect of its own (Gemini). */
      fullSchema?: true;
      cache?: CacheMark;
    }
  | {
      kind: 'custom';
      name: string;
      namespace?: string;
      /** What the namespace as a whole is for; the same on each of its tools. Kept where the target has namespaces. */
      namespaceDescription?: string;
      description?: string;
      /** Responses `format`: plain text, or a grammar the answer must follow. */
      format?: { type: 'text' } | { type: 'grammar'; syntax: string; definition: string };
      cache?: CacheMark;
    }
  | { kind: 'tool-search'; name: string; description?: string; parameters: JsonSchema }
  /** A tool the provider itself runs (web_search …): kept for its own protocol, a loss elsewhere. */
  | { kind: 'hosted'; name: string; protocol: ProtocolName; raw: unknown };

export interface ToolReference {
  name: string;
  namespace?: string;
}

export type ToolChoice =
  | { type: 'auto' }
  | { type: 'none' }
  | { type: 'required' }
  | { type: 'tool'; tool: ToolReference }
  | { type: 'allowed'; mode: 'auto' | 'required'; tools: ToolReference[] };

/** What a flattened upstream name stands for: enough to give the client its own kind, name and namespace back. */
export interface ToolIdentity {
  kind: ToolKind;
  name: string;
  namespace?: string;
}

/**
 * The reversible map between the client's tools and the names the provider saw.
 * Made by `encodeRequest`, handed to the decoders of the answer.
 */
export interface ToolNames {
  /** Upstream name → the client's tool. Names that are not in it pass through as functions. */
  restore(upstreamName: string): ToolIdentity;
  /** The client's tool → upstream name. */
  flatten(tool: ToolReference): string;
}
