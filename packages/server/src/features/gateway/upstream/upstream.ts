import type { ProviderConfig, RouteSide } from '@vigiles/contract';
import type { ProtocolName, TargetQuirks } from '@vigiles/wire';
import type { ModelFacts, StatedFacts } from '../core/model-facts.ts';
import type { ProviderType, Spoken } from '../providers/define-provider.ts';
import type { Credential } from './credentials/credential.ts';
import type { Credentials } from './credentials/credentials.ts';
import type { ListedModel } from '../core/model-list/read-model-list.ts';
import { createFactBook, type FactTables } from './model-metadata/fact-book.ts';
import { openPool, type Pool } from './pool.ts';
import { quirksOf } from './quirks-of.ts';

/** A provider that is in force: its address, key and what is known of it. */
export interface Upstream {
  readonly id: string;
  readonly type: ProviderType;
  /** On this machine: refused connections mean "not running", and turns are free. */
  readonly local: boolean;
  /** How routing takes it: `local` also where the configuration says so. */
  readonly side: RouteSide;
  /** Named in the configuration, not found or built in. */
  readonly configured: boolean;
  /** null: the demo, which has no network. */
  readonly pool: Pool | null;
  readonly origin: string;
  readonly basePath: string;
  /** Names in lower case and values in turn, the key included. */
  readonly headers: readonly string[];
  /** What authorises each request anew (OAuth, AWS signatures); null: the headers above are all there is. */
  readonly credential: Credential | null;
  readonly protocols: readonly Spoken[];
  /** What requests for a model must keep to. */
  quirks(model: string): TargetQuirks;
  /** Its name in the price tables, `free`, or null. */
  readonly prices: string | null;
  /** Which of its answers are looked through for tool calls: all, those that are translated anyway, or none. */
  readonly repairs: 'all' | 'translated' | 'none';
  /** Models the configuration names. */
  readonly named: readonly string[];
  /** Continuations per turn, where the configuration names them. */
  readonly autoContinue: number | undefined;
  /** These and what the provider itself listed. */
  models: readonly string[];
  modelsComplete: boolean;
  /** What is known of a model here, by its name upstream. */
  facts(model: string): ModelFacts;
  /** What the provider itself said of its models; empty: nothing yet. */
  listed: readonly ListedModel[];
  /** Makes `facts` tell what the provider lists. */
  setListedFacts(listed: ReadonlyMap<string, StatedFacts>): void;
  state: 'unknown' | 'ok' | 'failing';
  lastError: string | null;
}

const DEFAULT_PATHS: Record<ProtocolName, string> = {
  'openai-responses': '/responses',
  'openai-chat': '/chat/completions',
  'anthropic-messages': '/messages',
  gemini: '/models',
};

/** @param config with its references resolved; a string result says why the provider cannot be used */
export function openUpstream(
  config: ProviderConfig,
  type: ProviderType,
  more: { configured: boolean; connectTimeoutMs: number; tables: FactTables; credentials: Credentials },
): Upstream | string {
  const place = type.place?.(config);
  if (typeof place === 'string') return `The provider ${config.id} (${type.type}) ${place}.`;
  const address = place?.address ?? config.base_url ?? type.baseUrl;
  const local = type.type === 'demo' || (address !== undefined && isLocal(address));
  // Unknown to the price tables and on this machine: the user's own, unless it is said to lead to the cloud.
  const own = local && config.side !== 'cloud';
  const free = type.prices === 'free' || (type.prices === null && own);
  const prices = free ? ('free' as const) : type.prices;
  const book = createFactBook(config.model_facts, prices, more.tables);
  const common = {
    id: config.id,
    type,
    local,
    side: config.side ?? (local ? ('local' as const) : ('cloud' as const)),
    configured: more.configured,
    prices,
    quirks: quirksOf(type, config.quirks),
    facts: book.facts,
    setListedFacts: book.setListed,
    listed: [],
    repairs: repairsOf(config, type, local),
    named: namedModels(config, type),
    autoContinue: config.auto_continue,
    models: namedModels(config, type),
    modelsComplete: false,
    state: 'unknown' as const,
    lastError: null,
  };
  if (type.type === 'demo') {
    return {
      ...common,
      pool: null,
      origin: '',
      basePath: '',
      headers: [],
      credential: null,
      protocols: [],
      state: 'ok',
    };
  }
  if (address === undefined) return `The provider ${config.id} (${type.type}) needs a base_url.`;
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return `The base_url of the provider ${config.id} must start with http:// or https://.`;
  }
  const credential = more.credentials.open(config, type);
  if (typeof credential === 'string') return `The provider ${config.id} ${credential}.`;
  // Silence is judged by parsed events (`idle-watch.ts`), not by bytes.
  const pool = openPool(url.origin, { connectTimeoutMs: more.connectTimeoutMs });
  return {
    ...common,
    pool,
    origin: url.origin,
    basePath: basePathOf(url, type.basePath ?? '/v1'),
    headers: headersOf(config, type),
    credential,
    protocols: protocolsOf(config, place?.protocols ?? type.protocols),
  };
}

const namedModels = (config: ProviderConfig, type: ProviderType): readonly string[] =>
  config.models.length > 0 ? config.models : (type.usualModels ?? []);

/** Vendors whose own servers parse their models' calls. */
const SURE_OF_CALLS = new Set(['openai', 'anthropic', 'gemini', 'vertex', 'azure-openai', 'demo']);

/** Of a sort that a plugin brought nothing is known: its calls are looked after like those of `openai-compatible`. */
function repairsOf(config: ProviderConfig, type: ProviderType, local: boolean): Upstream['repairs'] {
  if (config.repair_tool_calls !== undefined) return config.repair_tool_calls ? 'all' : 'none';
  if (SURE_OF_CALLS.has(type.type)) return 'none';
  return local || type.type === 'openai-compatible' || type.type.includes('/') ? 'all' : 'translated';
}

/** Addresses are written with and without `/v1`; a bare one gets it, or what its type has instead. */
function basePathOf(url: URL, usual: string): string {
  const path = url.pathname.replace(/\/+$/, '');
  return path === '' ? usual : path;
}

function headersOf(config: ProviderConfig, type: ProviderType): string[] {
  const apiKey = config.api_key;
  const headers = new Map(Object.entries(type.headers));
  if (apiKey !== undefined && type.auth === 'bearer') headers.set('authorization', `Bearer ${apiKey}`);
  if (apiKey !== undefined && type.auth !== 'bearer' && type.auth !== 'none') headers.set(type.auth, apiKey);
  for (const [name, value] of Object.entries(config.headers)) headers.set(name.toLowerCase(), value);
  return [...headers].flat();
}

function protocolsOf(config: ProviderConfig, offered: readonly Spoken[]): readonly Spoken[] {
  const wanted = config.protocol;
  if (wanted === undefined) return offered;
  const known = offered.find(({ protocol }) => protocol === wanted);
  return [known ?? { protocol: wanted, path: DEFAULT_PATHS[wanted] }];
}

/** Loopback only: a server elsewhere in the house may well send a bill. */
function isLocal(address: string): boolean {
  const host = new URL(address).hostname;
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
