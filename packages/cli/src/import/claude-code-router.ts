import type { DraftBook, Place, SourceKey } from './draft-book.ts';
import { isRecord, listOf, textOf, type ProviderDraft, type SourceFile } from './proposal.ts';
import { baseOf, typeOfAddress } from './vendors.ts';

/** `$NAME` and `${NAME}` name a variable. */
export function shellKey(value: unknown): SourceKey {
  const text = textOf(value);
  if (text === undefined) return null;
  const found = /^\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))$/.exec(text);
  const name = found?.[1] ?? found?.[2];
  return name === undefined ? { value: text } : { env: name };
}

/** What Claude Code asks for in each of its roles; the first route that matches wins. */
const roles: readonly [role: string, patterns: readonly string[]][] = [
  ['background', ['claude-haiku-*', 'claude-3-5-haiku*']],
  ['default', ['claude-*']],
];

/** From how many tokens claude-code-router takes a prompt for long where the file does not say. */
const DEFAULT_THRESHOLD = 60_000;

function usesAnthropic(transformer: unknown): boolean {
  const uses = isRecord(transformer) ? listOf(transformer['use']) : [];
  return uses.some((one) => one === 'Anthropic' || one === 'anthropic');
}

/** claude-code-router's config.json: providers by name, and roles as `provider,model`. */
export function importClaudeCodeRouter({ value, lineOf }: SourceFile, book: DraftBook): void {
  const listKey = Array.isArray(value['Providers']) ? 'Providers' : 'providers';
  const byName = new Map<string, ProviderDraft>();
  for (const [i, entry] of listOf(value[listKey]).entries()) {
    const at = [listKey, i];
    const name = isRecord(entry) ? textOf(entry['name']) : undefined;
    const address = isRecord(entry) ? textOf(entry['api_base_url']) : undefined;
    const line = lineOf([...at, 'name']);
    const base = address === undefined ? null : baseOf(address);
    if (!isRecord(entry) || name === undefined || address === undefined || base === null) {
      book.leaveOut(lineOf(at), `provider ${name ?? i + 1}`, 'it has no name, or no http address');
      continue;
    }
    const messages = /\/messages\/?$/.test(address) || usesAnthropic(entry['transformer']);
    const gemini = new URL(base).hostname === 'generativelanguage.googleapis.com';
    const type = gemini ? 'gemini' : messages ? 'anthropic' : typeOfAddress(base);
    const key = shellKey(entry['api_key']);
    const provider = book.provider({ name, type, base: gemini ? undefined : base, key }, line);
    if (!provider) continue;
    byName.set(name, provider);
    for (const model of listOf(entry['models']))
      if (textOf(model)) book.addModel(provider, String(model).trim());
    if (entry['transformer'] !== undefined)
      book.leaveOut(
        lineOf([...at, 'transformer']),
        `${name}: transformer`,
        'the provider type knows what its backend takes',
      );
  }
  routes(value['Router'], lineOf, byName, book);
  for (const field of Object.keys(value)) {
    if (![listKey, 'Router'].includes(field))
      book.leaveOut(lineOf([field]), field, 'it has no counterpart here');
  }
}

function routes(
  router: unknown,
  lineOf: SourceFile['lineOf'],
  byName: ReadonlyMap<string, ProviderDraft>,
  book: DraftBook,
): void {
  if (!isRecord(router)) return;
  const read = new Set<string>();
  const placeOf = (role: string): Place | undefined => {
    const target = textOf(router[role]);
    if (target === undefined) return undefined;
    read.add(role);
    const comma = target.indexOf(',');
    const provider = byName.get(target.slice(0, comma).trim());
    const model = target.slice(comma + 1).trim();
    if (comma >= 0 && provider && model !== '') {
      book.addModel(provider, model);
      return { provider, model };
    }
    book.leaveOut(lineOf(['Router', role]), `Router.${role}: ${target}`, 'it names no provider of this file');
    return undefined;
  };
  const threshold = router['longContextThreshold'];
  if (typeof threshold === 'number') read.add('longContextThreshold');
  const min = typeof threshold === 'number' && threshold >= 1 ? Math.round(threshold) : DEFAULT_THRESHOLD;
  const only = (role: string, when: NonNullable<Place['when']>): Place[] => {
    const place = placeOf(role);
    return place ? [{ ...place, when }] : [];
  };
  const long = only('longContext', { min_input_tokens: min });
  const special = [...only('image', { needs: ['images'] }), ...only('think', { needs: ['reasoning'] })];
  for (const [role, patterns] of roles) {
    const place = placeOf(role);
    if (!place) continue;
    const line = lineOf(['Router', role]);
    const before = role === 'default' ? [...long, ...special] : long;
    for (const pattern of patterns) book.route(pattern, [...before, place], line);
    if (role === 'default') book.defaultProvider(place.provider, line);
  }
  for (const role of Object.keys(router)) {
    if (!read.has(role))
      book.leaveOut(lineOf(['Router', role]), `Router.${role}`, 'routes have no condition for it');
  }
}
