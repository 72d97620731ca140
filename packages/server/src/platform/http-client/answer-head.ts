/** Names in lower case; one that came several times has all its values. Without a prototype: a header may be called anything. */
export type AnswerHeaders = Record<string, string | string[] | undefined>;

/** The status line and the headers of an answer, and what they say about its body. */
export interface AnswerHead {
  status: number;
  headers: AnswerHeaders;
  /** Bytes of its body; null when it lasts until the connection is closed, or is chunked. */
  length: number | null;
  chunked: boolean;
  /** The connection may be used for another request. */
  persistent: boolean;
  /** So long the other side keeps an unused connection, by its own words. */
  idleMs: number | null;
}

const statusLine = /^HTTP\/1\.([01]) (\d{3})(?: |$)/;
/** What the name of a header is made of (RFC 9110, 5.6.2). */
export const headerName = /^[!#$%&'*+.^_`|~\w-]+$/;
const noAnswer = (what: string) => new Error(`it does not answer in HTTP: ${what}`);

/**
 * Reads a head with its empty line at the end. Framing as in RFC 9112, 6.3: what contradicts itself is refused, because the
 * next answer on its connection could be anybody's. Throws an error that says what is wrong.
 */
export function readAnswerHead(text: string): AnswerHead {
  // Lines that go on in the next one (RFC 9112, 5.2).
  const whole = /\n[ \t]/.test(text) ? text.replaceAll(/\r?\n[ \t]+/g, ' ') : text;
  let from = 0;
  const nextLine = (): string => {
    const end = whole.indexOf('\n', from);
    const stop = end === -1 ? whole.length : end;
    const line = whole.slice(from, stop > from && whole[stop - 1] === '\r' ? stop - 1 : stop);
    from = stop + 1;
    return line;
  };
  const first = nextLine();
  const started = statusLine.exec(first.trimEnd());
  if (!started) throw noAnswer(`“${first.slice(0, 40).trimEnd()}”`);
  const headers = Object.create(null) as AnswerHeaders;
  while (from < whole.length) {
    const line = nextLine();
    if (line === '') continue;
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon));
    if (!headerName.test(name)) throw noAnswer(`“${line.slice(0, 40).trimEnd()}” is no header`);
    add(headers, name.toLowerCase(), line.slice(colon + 1).trim());
  }
  return { status: Number(started[2]), headers, ...framing(headers, started[1] === '0') };
}

function add(headers: AnswerHeaders, name: string, value: string): void {
  const before = headers[name];
  if (before === undefined) headers[name] = value;
  else if (typeof before === 'string') headers[name] = [before, value];
  else before.push(value);
}

/** All values of a header that is a list; empty where it is absent. */
const listOf = (value: string | string[] | undefined): string =>
  value === undefined ? '' : typeof value === 'string' ? value : value.join(',');

function framing(
  headers: AnswerHeaders,
  old: boolean,
): Pick<AnswerHead, 'length' | 'chunked' | 'persistent' | 'idleMs'> {
  const codings = listOf(headers['transfer-encoding']).toLowerCase();
  const connection = listOf(headers['connection']).toLowerCase();
  const length = headers['content-length'] === undefined ? null : readLength(headers['content-length']);
  const encoded = codings !== '';
  const chunked = encoded && /(?:^|,)\s*chunked\s*$/.test(codings);
  // Both lengths, or one that its version does not know: the chunks count, and the connection ends with them.
  const doubtful = encoded && (length !== null || old || !chunked);
  return {
    length: encoded ? null : length,
    chunked,
    persistent: !doubtful && !says(connection, 'close') && (!old || says(connection, 'keep-alive')),
    idleMs: idleOf(listOf(headers['keep-alive'])),
  };
}

const says = (connection: string, option: string): boolean =>
  connection === option ||
  (connection.includes(option) && connection.split(',').some((one) => one.trim() === option));

function idleOf(keepAlive: string): number | null {
  const seconds = keepAlive === '' ? undefined : /(?:^|[,\s])timeout=(\d{1,9})/i.exec(keepAlive)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

/** Several are allowed when they agree (RFC 9110, 8.6). */
function readLength(value: string | string[]): number {
  const only = typeof value === 'string' && !value.includes(',') ? value : agreed(listOf(value));
  if (!/^\d{1,15}$/.test(only)) throw noAnswer('its content-length is no length');
  return Number(only);
}

function agreed(list: string): string {
  const lengths = new Set(list.split(',').map((one) => one.trim()));
  return lengths.size === 1 ? ([...lengths][0] ?? '') : '';
}
