/** What a Gemini URL asks for: `/v1beta/models/{model}:{verb}`. The model may have slashes and colons of its own. */
export interface GeminiAddress {
  model: string;
  verb: string;
  /** `alt=sse`: a stream comes as server-sent events, otherwise as one JSON array. */
  sse: boolean;
}

const PREFIX = /^\/v1(?:beta|alpha)?\/models\//;

/** Whether a path belongs to Gemini's API; `/v1/models` is also OpenAI's and Anthropic's. */
export const isGeminiPath = (path: string): boolean =>
  path.startsWith('/v1beta/') || (path.startsWith('/v1/models/') && /:[a-zA-Z]+$/.test(path));

/** Reads the URL of a POST; undefined where it names no model and verb. */
export function readGeminiAddress(path: string, url: string): GeminiAddress | undefined {
  const prefix = PREFIX.exec(path)?.[0];
  const colon = path.lastIndexOf(':');
  if (prefix === undefined || colon <= prefix.length) return undefined;
  const verb = path.slice(colon + 1);
  const model = decode(path.slice(prefix.length, colon));
  if (model === undefined || !/^[a-zA-Z]+$/.test(verb)) return undefined;
  return { model, verb, sse: queryOf(url).get('alt') === 'sse' };
}

/** The token in `?key=`, as Google's curl examples send it. Never logged, never sent on. */
export function keyInQuery(url: string | undefined): string | undefined {
  return queryOf(url ?? '').get('key') || undefined;
}

function queryOf(url: string): URLSearchParams {
  const query = url.indexOf('?');
  return new URLSearchParams(query === -1 ? '' : url.slice(query + 1));
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
