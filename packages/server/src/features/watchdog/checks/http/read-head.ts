/** What the status line and the headers of an answer say that we have to know. */
export interface AnswerHead {
  status: number;
  /** Where a redirect leads. */
  location: string | null;
  /** Bytes of its body; null when it lasts until the connection is closed, or is chunked. */
  length: number | null;
  chunked: boolean;
  /** The connection may be used for another request. */
  persistent: boolean;
  /** So long the other side keeps an unused connection, by its own words. */
  idleMs: number | null;
}

const statusLine = /^HTTP\/1\.([01]) (\d{3})(?: |$)/;
const token = /^[!#$%&'*+.^_`|~\w-]+$/;
const noAnswer = (what: string) => new Error(`it does not answer in HTTP: ${what}`);

/**
 * Reads a head with its empty line at the end. Framing as in RFC 9112, 6.3: what contradicts itself is refused, because the
 * next answer on its connection could be anybody's. Throws an error that says what is wrong.
 */
export function readHead(text: string): AnswerHead {
  // Lines that go on in the next one (RFC 9112, 5.2).
  const [first = '', ...lines] = text.replaceAll(/\r?\n[ \t]+/g, ' ').split('\n');
  const started = statusLine.exec(first.trimEnd());
  if (!started) throw noAnswer(`“${first.slice(0, 40).trimEnd()}”`);
  let length: number | null = null;
  let codings = '';
  let connection = '';
  let idleMs: number | null = null;
  let location: string | null = null;
  for (const line of lines) {
    if (line === '' || line === '\r') continue;
    const colon = line.indexOf(':');
    if (colon < 1 || !token.test(line.slice(0, colon)))
      throw noAnswer(`“${line.slice(0, 40).trimEnd()}” is no header`);
    const value = line.slice(colon + 1).trim();
    switch (line.slice(0, colon).toLowerCase()) {
      case 'content-length':
        length = readLength(value, length);
        break;
      case 'transfer-encoding':
        codings += `,${value.toLowerCase()}`;
        break;
      case 'connection':
        connection += `,${value.toLowerCase()}`;
        break;
      case 'keep-alive':
        idleMs = Number(/(?:^|[,\s])timeout=(\d{1,9})/i.exec(value)?.[1] ?? Number.NaN) * 1000;
        break;
      case 'location':
        location ??= value;
        break;
    }
  }
  const old = started[1] === '0';
  const options = new Set(connection.split(',').map((option) => option.trim()));
  const encoded = codings !== '';
  const chunked = /,\s*chunked$/.test(codings);
  // Both lengths, or one that its version does not know: the chunks count, and the connection ends with them.
  const doubtful = encoded && (length !== null || old || !chunked);
  return {
    status: Number(started[2]),
    location,
    length: encoded ? null : length,
    chunked,
    persistent: !doubtful && !options.has('close') && (!old || options.has('keep-alive')),
    idleMs: idleMs !== null && Number.isFinite(idleMs) ? idleMs : null,
  };
}

/** Several are allowed when they agree (RFC 9110, 8.6). */
function readLength(value: string, before: number | null): number {
  const lengths = new Set(value.split(',').map((one) => one.trim()));
  if (before !== null) lengths.add(String(before));
  const [only = ''] = lengths;
  if (lengths.size !== 1 || !/^\d{1,15}$/.test(only)) throw noAnswer('its content-length is no length');
  return Number(only);
}
