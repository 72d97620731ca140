import type { ProtocolName, TargetQuirks } from '@vigiles/wire';

/** How a provider says which models it has. */
export interface ModelListing {
  /** Below the base address. */
  path: string;
  /** `openai`: `{data:[{id}]}`. `ollama`: `{models:[{name}]}`. `gemini`: the same as `models/…`, with what each can do. */
  shape: 'openai' | 'ollama' | 'gemini';
}

/** A place where a local server of this type usually listens. */
export interface UsualPort {
  /** Provider id it gets when found. */
  id: string;
  name: string;
  port: number;
}

/** Everything the gateway knows about one sort of upstream. */
export interface ProviderType {
  /** `type` in the configuration. */
  type: string;
  name: string;
  /** Absent: the configuration must name one. */
  baseUrl?: string;
  /** Path that an address without one gets. Absent: `/v1`. */
  basePath?: string;
  /** Protocols it speaks, with the path below the base address; the first is used for clients of another protocol. */
  protocols: readonly { protocol: ProtocolName; path: string }[];
  /** How the key is sent. */
  auth: 'bearer' | 'x-api-key' | 'x-goog-api-key' | 'none';
  /** Sent unless the client brought its own. */
  headers: Readonly<Record<string, string>>;
  quirks: TargetQuirks;
  models: ModelListing | null;
  /** Its name in the price tables; `free`: runs on the user's own machine. `null`: never priced. */
  prices: string | null;
  /** Counts tokens at `/v1/messages/count_tokens`. */
  countsTokens: boolean;
  usualPorts: readonly UsualPort[];
}

/** Checks the shape and keeps the literal type. */
export const defineProvider = <const T extends ProviderType>(provider: T): T => provider;
