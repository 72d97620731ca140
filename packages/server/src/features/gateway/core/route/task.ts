import { Privacy, RouteSide, type TaskDefaultsConfig } from '@vigiles/contract';

/** What a turn says of itself; undefined and empty: it does not say. */
export interface TaskWords {
  readonly privacy: Privacy | undefined;
  readonly workspace: string | undefined;
  readonly intent: string | undefined;
  readonly tags: readonly string[];
  readonly route: RouteSide | undefined;
}

/** The same with what is assumed where it does not say. */
export interface Task extends TaskWords {
  readonly privacy: Privacy;
}

/** Headers a client may describe its turn with. They never leave the gateway. */
export const taskHeaders = {
  privacy: 'x-vigiles-privacy',
  workspace: 'x-vigiles-workspace',
  intent: 'x-vigiles-intent',
  tags: 'x-vigiles-tags',
  route: 'x-vigiles-route',
} as const;

type Headers = Record<string, string | string[] | undefined>;

/** A header that cannot be taken: which, and what it may be. */
export interface TaskProblem {
  field: string;
  message: string;
}

/** Most turns: nothing was said. */
export const NO_WORDS: TaskWords = {
  privacy: undefined,
  workspace: undefined,
  intent: undefined,
  tags: [],
  route: undefined,
};

const LABEL = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const MAX_TAGS = 20;

/**
 * Reads what a turn says of itself from its headers, and `?route=` from its address. A word that is not known is a
 * problem: taking it for another one could send a private prompt away.
 */
export function readTaskWords(headers: Headers, url: string): TaskWords | TaskProblem {
  const queried = routeInQuery(url);
  const privacy = textOf(headers[taskHeaders.privacy]);
  const workspace = textOf(headers[taskHeaders.workspace]);
  const intent = textOf(headers[taskHeaders.intent]);
  const tagText = textOf(headers[taskHeaders.tags]);
  const told = textOf(headers[taskHeaders.route]);
  if (
    queried === undefined &&
    privacy === undefined &&
    workspace === undefined &&
    intent === undefined &&
    tagText === undefined &&
    told === undefined
  ) {
    return NO_WORDS;
  }
  if (privacy !== undefined && !isOneOf(Privacy.options, privacy)) {
    return oneOf(taskHeaders.privacy, Privacy.options, privacy);
  }
  if (workspace !== undefined && !LABEL.test(workspace)) return notALabel(taskHeaders.workspace, workspace);
  if (intent !== undefined && !LABEL.test(intent)) return notALabel(taskHeaders.intent, intent);
  const tags = (tagText ?? '')
    .split(',')
    .map((tag) => tag.trim().toLowerCase())
    .filter((tag) => tag !== '');
  const wrong = tags.find((tag) => !LABEL.test(tag));
  if (wrong !== undefined) return notALabel(taskHeaders.tags, wrong);
  if (tags.length > MAX_TAGS) return { field: taskHeaders.tags, message: `takes at most ${MAX_TAGS} tags` };
  for (const [field, route] of [
    [taskHeaders.route, told],
    ['route', queried],
  ] as const) {
    if (route !== undefined && !isOneOf(RouteSide.options, route))
      return oneOf(field, RouteSide.options, route);
  }
  return { privacy, workspace, intent, tags, route: (told ?? queried) as RouteSide | undefined };
}

/** What is said wins over what the route assumes, and that over what is assumed of all turns. */
export function withDefaults(words: TaskWords, defaults: TaskDefaultsConfig | null, privacy: Privacy): Task {
  return {
    privacy: words.privacy ?? defaults?.privacy ?? privacy,
    workspace: words.workspace ?? defaults?.workspace,
    intent: words.intent ?? defaults?.intent,
    tags: words.tags.length > 0 ? words.tags : (defaults?.tags ?? []),
    route: words.route ?? defaults?.route,
  };
}

/** Several headers of one name count as one, as HTTP has it. */
function textOf(value: string | string[] | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = (Array.isArray(value) ? value.join(',') : value).trim().toLowerCase();
  return text === '' ? undefined : text;
}

function routeInQuery(url: string): string | undefined {
  const query = url.indexOf('?');
  if (query === -1 || !url.includes('route=', query)) return undefined;
  return new URLSearchParams(url.slice(query + 1)).get('route')?.toLowerCase() ?? undefined;
}

const isOneOf = <T extends string>(options: readonly T[], text: string): text is T =>
  (options as readonly string[]).includes(text);

const oneOf = (field: string, options: readonly string[], given: string): TaskProblem => ({
  field,
  message: `must be ${options.slice(0, -1).join(', ')} or ${options.at(-1) ?? ''}, not ${JSON.stringify(given.slice(0, 64))}`,
});

const notALabel = (field: string, given: string): TaskProblem => ({
  field,
  message: `takes letters, digits, dots and dashes, up to 64, not ${JSON.stringify(given.slice(0, 64))}`,
});
