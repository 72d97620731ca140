import { headerNamed } from './header-names.ts';

/** A request over a pool of connections; whose pool it is says where it goes. */
export interface HttpRequest {
  /** With its query, percent-encoded. */
  path: string;
  method: string;
  /** Names and values in turn. Length and connection are set by the client itself, and the host where it is not named. */
  headers: readonly string[];
  body?: Buffer | string | null;
}

/** What cannot stand in a request line or the value of a header (RFC 9110, 5.5): it would end it. */
const notInPath = /[^\u0021-\u00ff]/;
const notInValue = /[^\t\u0020-\u007e\u0080-\u00ff]/;
const notInMethod = /[^A-Z]/;
/** Set by the client itself, or with them the answer would be another than it is taken for. */
const ownHeaders = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
]);
const withBody = new Set(['POST', 'PUT', 'PATCH']);

/** Below this a body is copied behind its head: one write costs more than the copy. */
const copiedBytes = 32 * 1024;

/** The bytes of a request (RFC 9112, 3): one piece, or head and body. Throws for what cannot be sent, naming the header. */
export function requestBytes({ path, method, headers, body }: HttpRequest, host: string): Buffer[] {
  if (notInPath.test(path) || path === '')
    throw new Error('the path of a request has bytes that it cannot have');
  if (notInMethod.test(method)) throw new Error('the method of a request is none');
  let named = host;
  let fields = '';
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headerNamed(headers[at] as string);
    if (name === null) throw new Error('the name of a header has bytes that it cannot have');
    const value = headers[at + 1] as string;
    if (notInValue.test(value)) throw invalidValue(name);
    if (!ownHeaders.has(name)) fields += `${name}: ${value}\r\n`;
    else if (name === 'host') named = value;
  }
  const bytes = typeof body === 'string' ? Buffer.from(body) : (body ?? null);
  const length = bytes?.length ?? 0;
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${named}\r\nconnection: keep-alive\r\n${fields}`;
  head += bytes || withBody.has(method) ? `content-length: ${length}\r\n\r\n` : '\r\n';
  if (bytes && length > copiedBytes) return [Buffer.from(head, 'latin1'), bytes];
  const whole = Buffer.allocUnsafe(head.length + length);
  whole.write(head, 'latin1');
  bytes?.copy(whole, head.length);
  return [whole];
}

/** Never with the value: it may be a key. */
const invalidValue = (name: string): Error =>
  Object.assign(new Error(`the header ${name} has bytes that it cannot have`), { code: 'ERR_INVALID_CHAR' });
