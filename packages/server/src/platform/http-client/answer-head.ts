import { headerNamed } from './header-names.ts';

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

const statusLine = /^HTTP\/1\.([01]) (\d{3})(?: [^\n]*|\s*)\n/;
const carriageReturn = 13;
const noAnswer = (what: string) => new Error(`it does not answer in HTTP: ${what}`);

/** An object without a prototype whose shape the engine can share, which `Object.create(null)` has not. */
const Bag = function () {} as unknown as new () => AnswerHeaders;
Bag.prototype = Object.create(null);

/**
 * Reads a head with its empty line at the end. Framing as in RFC 9112, 6.3: what contradicts itself is refused, because the
 * next answer on its connection could be anybody's. Throws an error that says what is wrong.
 */
export function readAnswerHead(text: string): AnswerHead {
  // Lines that go on in the next one (RFC 9112, 5.2).
  const whole = text.includes('\n ') || text.includes('\n\t') ? text.replaceAll(/\r?\n[ \t]+/g, ' ') : text;
  const started = statusLine.exec(whole);
  if (!started) throw noAnswer(`“${whole.split('\n', 1)[0]?.slice(0, 40).trimEnd()}”`);
  const headers = new Bag();
  for (let at = started[0].length; at < whole.length;) {
    const next = whole.indexOf('\n', at);
    const end = next === -1 ? whole.length : next;
    const stop = whole.charCodeAt(end - 1) === carriageReturn ? end - 1 : end;
    if (stop > at) readField(headers, whole, at, stop);
    at = end + 1;
  }
  return framed(Number(started[2]), headers, started[1] === '0');
}

/** One line, from its first letter to behind its last. */
function readField(headers: AnswerHeaders, text: string, from: number, stop: number): void {
  const colon = text.indexOf(':', from);
  const name = colon === -1 || colon > stop ? null : headerNamed(text.slice(from, colon));
  if (name === null)
    throw noAnswer(`“${text.slice(from, Math.min(stop, from + 40)).trimEnd()}” is no header`);
  add(headers, name, text.slice(colon + 1, stop).trim());
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

function framed(status: number, headers: AnswerHeaders, old: boolean): AnswerHead {
  const codings = wordsOf(headers['transfer-encoding']);
  const connection = wordsOf(headers['connection']);
  const length = headers['content-length'] === undefined ? null : readLength(headers['content-length']);
  const encoded = codings !== '';
  const chunked = encoded && /(?:^|,)\s*chunked\s*$/.test(codings);
  // Both lengths, or one that its version does not know: the chunks count, and the connection ends with them.
  const doubtful = encoded && (length !== null || old || !chunked);
  return {
    status,
    headers,
    length: encoded ? null : length,
    chunked,
    persistent: !doubtful && !says(connection, 'close') && (!old || says(connection, 'keep-alive')),
    idleMs: idleOf(listOf(headers['keep-alive'])),
  };
}

const wordsOf = (value: string | string[] | undefined): string =>
  value === undefined || value === 'keep-alive' || value === 'chunked'
    ? (value ?? '')
    : listOf(value).toLowerCase();

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
