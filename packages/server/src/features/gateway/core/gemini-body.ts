import { scanJsonObject } from './scan-json.ts';

const URL_FIELDS = new Set(['model', 'stream']);

const headOf = (model: string, stream: boolean): string =>
  `{"model":${JSON.stringify(model)},"stream":${String(stream)}`;

/**
 * A Gemini body with what its URL says, as the rest of the gateway and the wire package read it. Every other byte stays
 * as it is. A body that is no JSON object comes back unchanged: whoever reads it says so.
 */
export function withUrlFields(body: Buffer, model: string, stream: boolean): Buffer {
  const own = scanJsonObject(body, URL_FIELDS);
  if (typeof own === 'string' && !own.includes('comes twice')) return body;
  const plain = typeof own === 'string' || own.size > 0 ? withoutOwn(body) : body;
  const rest = plain.subarray(plain.indexOf('{') + 1);
  const empty = /^\s*\}\s*$/.test(rest.toString('latin1', 0, Math.min(rest.length, 64)));
  return Buffer.concat([Buffer.from(headOf(model, stream) + (empty ? '' : ',')), rest]);
}

/** The body as it goes to Gemini: what `withUrlFields` put in taken out again. */
export function withoutUrlFields(body: Buffer, model: string, stream: boolean): Buffer {
  const head = Buffer.byteLength(headOf(model, stream));
  const rest = body.subarray(body[head] === COMMA ? head + 1 : head);
  return Buffer.concat([OPEN, rest]);
}

const COMMA = 44;
const OPEN = Buffer.from('{');

/** Some clients repeat the model in the body; the URL is what counts. */
function withoutOwn(body: Buffer): Buffer {
  try {
    const { model: _, stream: __, ...rest } = JSON.parse(body.toString()) as Record<string, unknown>;
    return Buffer.from(JSON.stringify(rest));
  } catch {
    return body;
  }
}
