import type { ProviderConfig } from '@vigiles/contract';
import type { ProviderProtocolName, TargetQuirks } from '@vigiles/wire';
import type { MediaKind } from '../media/media-kind.ts';

/** How a provider says which models it has. */
export interface ModelListing {
  path: string;
  /** What `path` stands below: the base address, or the origin. Default `base`. */
  from?: 'base' | 'origin';
  /** A list that says more, below the origin; asked first, and `path` where it is not there. */
  richer?: string;
  /** What says more about the models than any list: see `upstream/model-metadata`. */
  details?: 'ollama' | 'llama-cpp';
}

/** A place where a local server of this type usually listens. */
export interface UsualPort {
  /** Provider id it gets when found. */
  id: string;
  name: string;
  port: number;
}

/** One protocol a provider speaks, and where. */
export interface Spoken {
  protocol: ProviderProtocolName;
  /** Below the base address. `{model}` stands for the model's name; Gemini's paths get theirs behind them. */
  path: string;
  /** Where streams are asked for; absent: the same. */
  streamPath?: string;
  /** It refuses some of what this protocol's clients send, so that their requests are rewritten for it, too. */
  strict?: boolean;
  /** Which models are spoken to like this; absent: all. */
  models?: RegExp;
  /** What the body begins with instead of `model`, where that stands in the path. */
  bodyFields?: Readonly<Record<string, string>>;
}

/** Where a provider is when that takes more than a `base_url`. */
export interface Place {
  /** The base address with its path. */
  address: string;
  /** Instead of the type's own. */
  protocols?: readonly Spoken[];
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
  /** Finds out where it is from the rest of the configuration; a text says what is missing there. */
  place?(config: ProviderConfig): Place | string;
  /** Protocols it speaks; the first is used for clients of another protocol. */
  protocols: readonly Spoken[];
  /** How the key is sent. */
  auth: 'bearer' | 'x-api-key' | 'x-goog-api-key' | 'api-key' | 'none';
  /** The AWS service its requests are signed for. */
  awsService?: string;
  /** Sent unless the client brought its own. */
  headers: Readonly<Record<string, string>>;
  quirks: TargetQuirks;
  /** Which models take an effort where the others refuse it; absent: as `quirks` says for all. */
  effortModels?: RegExp;
  models: ModelListing | null;
  /** Its name in the price tables; `free`: runs on the user's own machine. `null`: never priced. */
  prices: string | null;
  /** Counts tokens at `/v1/messages/count_tokens`. */
  countsTokens: boolean;
  usualPorts: readonly UsualPort[];
  /** Offered where neither the configuration nor the provider itself names any. */
  usualModels?: readonly string[];
  /** What it serves beside turns, at OpenAI's paths below its base address. Absent: nothing. */
  media?: readonly MediaKind[];
  /** Responses: it keeps answers and reads `previous_response_id` itself. Absent: the gateway does both for it. */
  keepsResponses?: true;
  /** Responses: it compacts histories (`/responses/compact`, `compaction_trigger`). Absent: the gateway has a model write a summary. */
  compacts?: true;
}

/** Checks the shape and keeps the literal type. */
export const defineProvider = <const T extends ProviderType>(provider: T): T => provider;
