import type { DraftBook, Place, SourceKey, Wanted } from './draft-book.ts';
import { isRecord, listOf, textOf, type Loose, type RouteDraft, type SourceFile } from './proposal.ts';
import { baseOf, typeOfAddress, typeOfPrefix } from './vendors.ts';

/** `os.environ/NAME` is LiteLLM's way to name a variable. */
export function litellmKey(value: unknown): SourceKey {
  const text = textOf(value);
  if (text === undefined) return null;
  const name = /^os\.environ\/([A-Za-z_][A-Za-z0-9_]*)$/.exec(text)?.[1];
  return name === undefined ? { value: text } : { env: name };
}

const read = new Set([
  'model',
  'api_key',
  'api_base',
  'base_url',
  'extra_headers',
  'custom_llm_provider',
  'weight',
]);

/** What the settings of other sections are called here. */
const counterparts: Record<string, string> = {
  'litellm_settings.max_budget': 'set budgets.daily_usd or budgets.monthly_usd',
  'litellm_settings.budget_duration': 'set budgets.daily_usd or budgets.monthly_usd',
  'litellm_settings.num_retries': 'set gateway.policy.max_attempts',
  'router_settings.num_retries': 'set gateway.policy.max_attempts',
  'litellm_settings.drop_params': 'what a provider refuses is left out when it says so',
  'general_settings.master_key': 'every device has a token of its own: vigiles device pair',
};

/** The fields of clouds that became part of the provider. */
function cloudOf(
  type: string,
  params: Loose,
): {
  place: NonNullable<Wanted['place']>;
  aws: Record<string, SourceKey>;
  google: SourceKey;
  used: string[];
} {
  const found = { place: {}, aws: {}, google: null as SourceKey, used: [] as string[] };
  const take = (field: string): string | undefined => {
    const text = textOf(params[field]);
    if (text !== undefined) found.used.push(field);
    return text;
  };
  const placed = (name: 'region' | 'project' | 'api_version', field: string): void => {
    const text = take(field);
    if (text !== undefined) Object.assign(found.place, { [name]: text });
  };
  if (type === 'azure-openai') placed('api_version', 'api_version');
  if (type === 'bedrock') {
    placed('region', 'aws_region_name');
    for (const name of ['access_key_id', 'secret_access_key', 'session_token']) {
      const key = take(`aws_${name}`);
      if (key !== undefined) Object.assign(found.aws, { [name]: litellmKey(key) });
    }
  }
  if (type === 'vertex') {
    placed('project', 'vertex_project');
    placed('region', 'vertex_location');
    const given = take('vertex_credentials');
    if (given !== undefined) found.google = litellmKey(given);
  }
  return found;
}

/** Names without a prefix that LiteLLM knows by heart. */
const bareTypes: readonly [RegExp, string][] = [
  [/^(?:gpt-|chatgpt-|o\d|codex-)/, 'openai'],
  [/^claude-/, 'anthropic'],
];

function vendorOf(model: string, base: string | undefined, custom: string | undefined) {
  const slash = model.indexOf('/');
  const prefix = custom ?? (slash > 0 ? model.slice(0, slash) : undefined);
  const type = prefix === undefined ? undefined : typeOfPrefix(prefix);
  const rest = custom === undefined && slash > 0 ? model.slice(slash + 1) : model;
  const address = base === undefined ? null : baseOf(base);
  // `openai/…` with an address of one's own is LiteLLM's way to say OpenAI-compatible.
  if (type === 'openai' && address !== null) return { type: typeOfAddress(address), rest, prefix };
  if (type !== undefined) return { type, rest, prefix };
  if (prefix !== undefined) return { type: undefined, rest, prefix };
  const bare = bareTypes.find(([pattern]) => pattern.test(model))?.[1];
  return { type: address === null ? bare : typeOfAddress(address), rest: model, prefix };
}

const strategies: Record<string, RouteDraft['strategy']> = {
  'simple-shuffle': 'weighted',
  'latency-based-routing': 'least-latency',
  'cost-based-routing': 'cheapest',
};

/** A LiteLLM proxy's config.yaml. https://docs.litellm.ai/docs/proxy/configs */
export function importLitellm({ value, lineOf }: SourceFile, book: DraftBook): void {
  const places = new Map<string, { places: Place[]; line: number }>();
  for (const [i, entry] of listOf(value['model_list']).entries()) {
    const at = ['model_list', i];
    const line = lineOf([...at, 'model_name']);
    const params = isRecord(entry) && isRecord(entry['litellm_params']) ? entry['litellm_params'] : {};
    const [name, model] = [
      isRecord(entry) ? textOf(entry['model_name']) : undefined,
      textOf(params['model']),
    ];
    if (name === undefined || model === undefined) {
      book.leaveOut(lineOf(at), `model_list entry ${i + 1}`, 'it has no model_name or no model');
      continue;
    }
    const base = textOf(params['api_base']) ?? textOf(params['base_url']);
    if (base?.startsWith('os.environ/')) {
      book.leaveOut(line, name, 'its address is in the environment; write base_url by hand');
      continue;
    }
    const { type, rest, prefix } = vendorOf(model, base, textOf(params['custom_llm_provider']));
    if (type === undefined) {
      book.leaveOut(line, name, `there is no provider type for "${prefix ?? model}"`);
      continue;
    }
    const { used, ...cloud } = cloudOf(type, params);
    const missing = whatIsMissing(type, base, cloud.place);
    if (missing !== undefined) {
      book.leaveOut(line, name, `it has no ${missing}`);
      continue;
    }
    const extra = isRecord(params['extra_headers']) ? params['extra_headers'] : {};
    const headers = Object.fromEntries(Object.entries(extra).map(([key, text]) => [key, litellmKey(text)]));
    const key = litellmKey(params['api_key']);
    const provider = book.provider({ name: prefix ?? type, type, base, key, headers, ...cloud }, line);
    if (!provider) continue;
    const wildcard = name.endsWith('*');
    const sent = type === 'bedrock' ? rest.replace(/^(?:converse|invoke)\//, '') : rest;
    if (!wildcard) book.addModel(provider, sent);
    const weight = typeof params['weight'] === 'number' ? { weight: params['weight'] } : {};
    const known = places.get(name) ?? { places: [], line };
    known.places.push({ provider, model: wildcard ? undefined : sent, ...weight });
    places.set(name, known);
    for (const field of Object.keys(params)) {
      if (!read.has(field) && !used.includes(field))
        book.leaveOut(
          lineOf([...at, 'litellm_params', field]),
          `${name}: ${field}`,
          /^[rt]pm$/.test(field) ? 'set gateway.limits' : 'there is no such setting per model',
        );
    }
  }
  const router = isRecord(value['router_settings']) ? value['router_settings'] : {};
  const wanted = textOf(router['routing_strategy']) ?? 'simple-shuffle';
  const strategy = Object.hasOwn(strategies, wanted) ? strategies[wanted] : undefined;
  const fallbacks = addFallbacks(value, places, strategy ?? 'weighted');
  for (const [name, found] of places) {
    const several = found.places.filter(({ weight }) => weight !== 0).length > 1;
    book.route(name, found.places, found.line, several ? (strategy ?? 'weighted') : 'ordered');
  }
  for (const [section, content] of Object.entries(value)) {
    if (section === 'model_list') continue;
    const fields = isRecord(content) ? Object.keys(content) : [];
    if (fields.length === 0) book.leaveOut(lineOf([section]), section, 'it has no counterpart here');
    for (const field of fields) {
      const what = `${section}.${field}`;
      if (fallbacks.has(what) || (what === 'router_settings.routing_strategy' && strategy)) continue;
      book.leaveOut(lineOf([section, field]), what, counterparts[what] ?? 'it has no counterpart here');
    }
  }
}

function whatIsMissing(type: string, base: string | undefined, place: NonNullable<Wanted['place']>) {
  if ((type === 'openai-compatible' || type === 'azure-openai') && base === undefined)
    return 'address (api_base)';
  if (type === 'bedrock' && place.region === undefined) return 'region (aws_region_name)';
  if (type === 'vertex' && (place.project === undefined || place.region === undefined))
    return 'project or region (vertex_project, vertex_location)';
  return undefined;
}

/** Where a name falls back to another one, the other's places come last. Tells which settings were followed. */
function addFallbacks(
  value: Loose,
  places: ReadonlyMap<string, { places: Place[] }>,
  strategy: RouteDraft['strategy'],
): Set<string> {
  const followed = new Set<string>();
  const own = new Map([...places].map(([name, found]) => [name, [...found.places]]));
  for (const section of ['litellm_settings', 'router_settings']) {
    const content = isRecord(value[section]) ? value[section] : {};
    const pairs = listOf(content['fallbacks']).flatMap((one) => (isRecord(one) ? Object.entries(one) : []));
    // Only where an order is kept do places come last.
    const kept = pairs.filter(([name, others]) => {
      const found = places.get(name);
      const next = listOf(others).map((other) => own.get(String(other)) ?? []);
      const orderly = (own.get(name)?.length ?? 0) < 2 || strategy === 'weighted';
      if (!found || !orderly || next.length === 0 || next.some((one) => one.length === 0)) return false;
      const last = next.flat().map(({ provider, model }): Place => ({ provider, model, weight: 0 }));
      found.places.push(
        ...last.filter(
          (place) =>
            !found.places.some((one) => one.provider === place.provider && one.model === place.model),
        ),
      );
      return true;
    });
    if (pairs.length > 0 && kept.length === pairs.length) followed.add(`${section}.fallbacks`);
  }
  return followed;
}
