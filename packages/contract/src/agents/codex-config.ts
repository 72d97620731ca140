import { readStatements, TomlOutlineError, type TomlStatement } from './toml-statements.ts';

/** What Codex is told about the gateway. */
export interface CodexConnection {
  /** With `/v1`; Codex adds `/responses`. */
  baseUrl: string;
  token: string;
  /** Written only where the user has not chosen a model. */
  model?: string | undefined;
}

const provider = 'vigiles';
const marker =
  '# Vigiles gateway. Written by `vigiles connect codex`; `vigiles disconnect codex` takes it out.';

const quoted = (text: string) => JSON.stringify(text);

/**
 * The provider block. The name must not be "OpenAI", which switches Codex to remote compaction, and
 * `wire_api` knows only "responses". Tried with codex-cli 0.169.0.
 */
const block = ({ baseUrl, token }: CodexConnection): string[] => [
  marker,
  `[model_providers.${provider}]`,
  'name = "Vigiles gateway"',
  `base_url = ${quoted(baseUrl)}`,
  'wire_api = "responses"',
  'supports_websockets = false',
  `experimental_bearer_token = ${quoted(token)}`,
];

const isOurs = (path: readonly string[]) => path[0] === 'model_providers' && path[1] === provider;

/** Forms we would have to rewrite rather than extend. */
function refuseInline(statements: readonly TomlStatement[]): void {
  for (const { kind, table, key, line } of statements) {
    if (kind === 'array-table' && key[0] === 'model_providers') {
      throw new TomlOutlineError('model_providers is a list here; Codex would not read it either', line);
    }
    if (kind !== 'pair' || isOurs(table)) continue;
    const full = [...table, ...key];
    if (full.length === 1 && full[0] === 'model_providers') {
      throw new TomlOutlineError(
        'model_providers is written as one inline value; give each provider its own [model_providers.name] table',
        line,
      );
    }
    if (isOurs(full)) {
      throw new TomlOutlineError(
        `the provider "${provider}" is written inline; write it as [model_providers.${provider}]`,
        line,
      );
    }
  }
}

const rootPair = (statements: readonly TomlStatement[], key: string) =>
  statements.find(
    (found) =>
      found.kind === 'pair' && found.table.length === 0 && found.key.length === 1 && found.key[0] === key,
  );

/** Takes the provider's tables out, with the marker above them and the empty line before it. */
function withoutBlock(text: string): string {
  const statements = readStatements(text);
  let result = text;
  for (const table of statements
    .filter((found) => found.kind === 'table' && isOurs(found.key))
    .toReversed()) {
    const next = statements.find((found) => found.kind !== 'pair' && found.start > table.start);
    const last = statements.findLast(
      (found) => found.kind === 'pair' && found.start > table.start && (!next || found.start < next.start),
    );
    const end = last?.end ?? table.end;
    let head = result.slice(0, table.start);
    const markerAt = head.lastIndexOf(marker);
    if (markerAt >= 0 && head.slice(markerAt + marker.length).trim() === '') head = head.slice(0, markerAt);
    const tail = result.slice(end);
    if (/(?:^|\n)\r?\n$/.test(head) && (tail === '' || /^\r?\n/.test(tail)))
      head = head.replace(/\r?\n$/, '');
    result = head + tail;
  }
  return result;
}

function setRootPair(text: string, eol: string, key: string, value: string): string {
  const statements = readStatements(text);
  const existing = rootPair(statements, key);
  if (existing) return text.slice(0, existing.valueStart) + quoted(value) + text.slice(existing.valueEnd);
  const root = statements.filter((found) => found.kind === 'pair' && found.table.length === 0);
  const line = `${key} = ${quoted(value)}`;
  const last = root.at(-1);
  if (last) {
    const head = text.slice(0, last.end);
    return `${head}${head.endsWith('\n') ? '' : eol}${line}${eol}${text.slice(last.end)}`;
  }
  const top = text.startsWith('\uFEFF') ? 1 : 0;
  const gap = text.slice(top).trim() === '' ? '' : eol;
  return `${text.slice(0, top)}${line}${eol}${gap}${text.slice(top)}`;
}

/** Codex's config.toml pointing at the gateway. Every other byte stays. Throws a TomlOutlineError. */
export function connectCodex(text: string, connection: CodexConnection): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  refuseInline(readStatements(text));
  let result = withoutBlock(text);
  const chosen = rootPair(readStatements(result), 'model');
  if (!chosen && connection.model) result = setRootPair(result, eol, 'model', connection.model);
  result = setRootPair(result, eol, 'model_provider', provider);
  const gap = result === '' || /(?:^|\n)\r?\n$/.test(result) ? '' : result.endsWith('\n') ? eol : eol + eol;
  return `${result}${gap}${block(connection).join(eol)}${eol}`;
}

const valueOf = (text: string, pair: TomlStatement | undefined) =>
  pair && text.slice(pair.valueStart, pair.valueEnd);

/** Only our lines taken out of a file that was edited since: what we had replaced comes back from the original. */
export function disconnectCodex(text: string, original: string, modelSet?: string): string {
  refuseInline(readStatements(text));
  let result = withoutBlock(text);
  const before = readStatements(original);
  const undo = (key: string, ours: string) => {
    const pair = rootPair(readStatements(result), key);
    if (!pair || valueOf(result, pair) !== quoted(ours)) return;
    const old = valueOf(original, rootPair(before, key));
    result =
      old === undefined
        ? result.slice(0, pair.start) + result.slice(pair.end)
        : result.slice(0, pair.valueStart) + old + result.slice(pair.valueEnd);
  };
  undo('model_provider', provider);
  if (modelSet !== undefined) undo('model', modelSet);
  return result;
}

/** Whether the user has chosen a model outside of profiles. */
export const choosesModel = (text: string): boolean => rootPair(readStatements(text), 'model') !== undefined;

/** The token in a file that is connected already. */
export function tokenIn(text: string): { token: string; baseUrl: string } | null {
  const pairs = readStatements(text).filter((found) => found.kind === 'pair' && isOurs(found.table));
  const read = (key: string) =>
    valueOf(
      text,
      pairs.find((found) => found.key[0] === key),
    )?.slice(1, -1);
  const [token, baseUrl] = [read('experimental_bearer_token'), read('base_url')];
  return token && baseUrl ? { token, baseUrl } : null;
}

/** Things the user should know: what still leads past the gateway. */
export function connectionNotes(text: string): string[] {
  const statements = readStatements(text);
  const profile = valueOf(text, rootPair(statements, 'profile'))?.slice(1, -1);
  return statements
    .filter(
      ({ kind, table, key }) => kind === 'pair' && table[0] === 'profiles' && key.at(-1) === 'model_provider',
    )
    .map(({ table, line }) => {
      const name = table[1] ?? '';
      const active = name === profile ? ', and it is the active one' : '';
      return `Line ${line}: the profile "${name}" chooses its own model_provider${active}; with it Codex does not use the gateway.`;
    });
}
