import type { RouteConfig } from '@vigiles/contract';
import type { ConfigEdit } from '../../../data/config.ts';

type When = RouteConfig['candidates'][number]['when'];

/** A candidate as its form holds it: numbers and lists as texts. */
export interface CandidateDraft {
  /** Tells entries apart while they move; the place in the file, or a new one below zero. */
  key: number;
  provider: string;
  model: string;
  weight: string;
  when: Record<WhenField, string>;
}

/** Conditions that are edited as text; lists with commas. */
export const whenFields = [
  'needs',
  'privacy',
  'tags',
  'without_tags',
  'workspace',
  'intent',
  'min_input_tokens',
  'max_input_tokens',
] as const;
export type WhenField = (typeof whenFields)[number];

const numbers: ReadonlySet<WhenField> = new Set(['min_input_tokens', 'max_input_tokens']);

export interface RouteDraft {
  model: string;
  strategy: RouteConfig['strategy'];
  /** Local first, as `gateway.policy` says. */
  policy: boolean;
  synthesis: string;
  candidates: CandidateDraft[];
}

const whenDraft = (when: When | undefined): CandidateDraft['when'] =>
  Object.fromEntries(
    whenFields.map((field) => {
      const value = when?.[field];
      return [field, Array.isArray(value) ? value.join(', ') : value === undefined ? '' : String(value)];
    }),
  ) as CandidateDraft['when'];

export const newCandidate = (key: number, provider = ''): CandidateDraft => ({
  key,
  provider,
  model: '',
  weight: '1',
  when: whenDraft(undefined),
});

/** The form of a route, or of a new one. A route with one `provider` is one with a single candidate. */
export function draftOf(route: RouteConfig | null): RouteDraft {
  const { model = '', strategy = 'ordered', policy = true, synthesis = '' } = route ?? {};
  const listed: CandidateDraft[] =
    route?.provider === undefined
      ? (route?.candidates ?? []).map((one, key) => ({
          key,
          provider: one.provider,
          model: one.model ?? '',
          weight: String(one.weight),
          when: whenDraft(one.when),
        }))
      : [{ ...newCandidate(0, route.provider), model: route.upstream_model ?? '' }];
  return { model, strategy, policy, synthesis, candidates: route ? listed : [newCandidate(-1)] };
}

const words = (text: string): string[] =>
  text
    .split(/[\s,]+/)
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** A condition as the file holds it; undefined: it is not set. What is no number stays a text, for the server to refuse. */
function whenValue(field: WhenField, text: string): unknown {
  if (text.trim() === '') return undefined;
  if (!numbers.has(field)) return words(text);
  return numberOf(text);
}

const numberOf = (text: string): unknown =>
  text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;

function candidateValue({ provider, model, weight, when }: CandidateDraft): Record<string, unknown> {
  const conditions = whenFields.flatMap((field) => {
    const value = whenValue(field, when[field]);
    return value === undefined ? [] : [[field, value] as const];
  });
  return {
    provider,
    ...(model.trim() === '' ? {} : { model: model.trim() }),
    ...(weight === '1' ? {} : { weight: numberOf(weight) }),
    ...(conditions.length === 0 ? {} : { when: Object.fromEntries(conditions) }),
  };
}

/** The whole route, as it would stand in a new file. */
export function routeValue(draft: RouteDraft, kept: RouteConfig | null = null): Record<string, unknown> {
  const candidates = draft.candidates.map((one) => {
    // Times of day are not edited here: they stay.
    const time = one.key >= 0 ? kept?.candidates[one.key]?.when.time : undefined;
    const value = candidateValue(one);
    return time && time.length > 0 ? { ...value, when: { ...(value['when'] as object), time } } : value;
  });
  return {
    model: draft.model.trim(),
    ...(draft.strategy === 'ordered' ? {} : { strategy: draft.strategy }),
    ...(draft.policy ? {} : { policy: false }),
    ...(draft.synthesis === '' ? {} : { synthesis: draft.synthesis }),
    ...(kept && Object.values(kept.defaults).some((value) => (Array.isArray(value) ? value.length : value))
      ? { defaults: kept.defaults }
      : {}),
    candidates,
  };
}

/** Moves an entry of a list. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const entry = list[from];
  if (entry === undefined || to < 0 || to >= list.length) return [...list];
  return list.toSpliced(from, 1).toSpliced(to, 0, entry);
}

function candidateEdits(
  draft: CandidateDraft,
  before: CandidateDraft,
  path: (string | number)[],
): ConfigEdit[] {
  const edits: ConfigEdit[] = [];
  const set = (key: string[], value: unknown): void =>
    void edits.push({ path: [...path, ...key], value: value ?? null });
  if (draft.provider !== before.provider) set(['provider'], draft.provider);
  if (draft.model !== before.model) set(['model'], draft.model.trim() || null);
  if (draft.weight !== before.weight) set(['weight'], numberOf(draft.weight));
  for (const field of whenFields) {
    if (draft.when[field] !== before.when[field]) set(['when', field], whenValue(field, draft.when[field]));
  }
  return edits;
}

/**
 * The changes to vigiles.yaml that make a route what its form says: what was touched is written, entries move with
 * their comments, and the rest of the file stays as it is.
 */
export function routeEdits(draft: RouteDraft, route: RouteConfig, place: number): ConfigEdit[] {
  const before = draftOf(route);
  const base = ['gateway', 'routes', place];
  const edits: ConfigEdit[] = [];
  const set = (key: string, value: unknown): void => void edits.push({ path: [...base, key], value });
  if (draft.model !== before.model) set('model', draft.model.trim());
  if (draft.strategy !== before.strategy) set('strategy', draft.strategy);
  if (draft.policy !== before.policy) set('policy', draft.policy);
  if (draft.synthesis !== before.synthesis) set('synthesis', draft.synthesis || null);
  if (JSON.stringify(draft.candidates) === JSON.stringify(before.candidates)) return edits;

  if (route.provider !== undefined) {
    // `provider` and `candidates` exclude each other: the short form becomes the long one.
    set('provider', null);
    if (route.upstream_model !== undefined) set('upstream_model', null);
    set('candidates', routeValue(draft)['candidates']);
    return edits;
  }
  const list = [...base, 'candidates'];
  let order = before.candidates.map(({ key }) => key);
  for (let at = order.length - 1; at >= 0; at -= 1) {
    if (draft.candidates.some(({ key }) => key === order[at])) continue;
    edits.push({ path: [...list, at], value: null });
    order = order.toSpliced(at, 1);
  }
  for (const one of draft.candidates) {
    if (one.key >= 0) continue;
    edits.push({ path: [...list, order.length], value: candidateValue(one) });
    order.push(one.key);
  }
  for (const [to, { key }] of draft.candidates.entries()) {
    const from = order.indexOf(key);
    if (from === to) continue;
    edits.push({ path: [...list, from], move_to: to });
    order = moved(order, from, to);
  }
  for (const [at, one] of draft.candidates.entries()) {
    const old = before.candidates.find(({ key }) => key === one.key);
    if (old) edits.push(...candidateEdits(one, old, [...list, at]));
  }
  return edits;
}

/** What can be told before asking the server. By the field's path below the route. */
export function draftProblems(draft: RouteDraft): Map<string, string> {
  const problems = new Map<string, string>();
  if (draft.model.trim() === '') problems.set('model', 'A name, or its start with * at the end.');
  if (draft.candidates.length === 0) problems.set('candidates', 'It needs a place to go to.');
  for (const [at, { provider, weight }] of draft.candidates.entries()) {
    if (provider === '') problems.set(`candidates.${at}.provider`, 'Choose a provider.');
    if (typeof numberOf(weight) !== 'number') problems.set(`candidates.${at}.weight`, 'A number.');
  }
  return problems;
}

/** Conditions in a few words; empty: none. */
export function conditionsOf(when: When): string[] {
  const said: string[] = [];
  const list = (name: string, values: readonly string[]): void => {
    if (values.length > 0) said.push(`${name} ${values.join(' or ')}`);
  };
  list('needs', when.needs);
  list('privacy', when.privacy);
  list('tag', when.tags);
  list('not tag', when.without_tags);
  list('workspace', when.workspace);
  list('intent', when.intent);
  if (when.min_input_tokens !== undefined)
    said.push(`from ${when.min_input_tokens.toLocaleString('en')} tokens`);
  if (when.max_input_tokens !== undefined)
    said.push(`up to ${when.max_input_tokens.toLocaleString('en')} tokens`);
  for (const { from, to, days } of when.time) said.push([`${from}–${to}`, ...days].join(' '));
  return said;
}
