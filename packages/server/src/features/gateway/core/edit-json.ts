import { scanJsonObject, type JsonSpan } from './scan-json.ts';

/**
 * Sets or removes top-level members of a JSON object; every other byte stays as it is.
 * @param spans values found by `scanJsonObject` for (at least) the keys of `edits`, which must be plain ASCII
 * @param edits JSON text by key; null removes the member. Keys that are not there are added at the front.
 */
export function editJsonObject(
  body: Buffer,
  spans: ReadonlyMap<string, JsonSpan>,
  edits: ReadonlyMap<string, string | Buffer | null>,
): Buffer {
  const cuts: { key: string; value: JsonSpan; put: string | Buffer | null }[] = [];
  const added: (string | Buffer)[] = [];
  for (const [key, put] of edits) {
    const value = spans.get(key);
    if (value) cuts.push({ key, value, put });
    else if (put !== null) added.push(`"${key}":`, put, ',');
  }
  cuts.sort((a, b) => a.value.start - b.value.start);
  const pieces: (string | Buffer)[] = [];
  const open = body.indexOf('{') + 1;
  let at = open;
  for (const { key, value, put } of cuts) {
    if (put !== null) {
      pieces.push(body.subarray(at, value.start), put);
      at = value.end;
      continue;
    }
    const before = body.subarray(at, keyStart(body, value, key));
    if (pieces.length === 0 && isBlank(before)) {
      // The first of what is left: its comma comes after it.
      at = afterComma(body, value.end);
    } else {
      pieces.push(before.subarray(0, before.lastIndexOf(COMMA)));
      at = value.end;
    }
  }
  const rest = body.subarray(at);
  if (pieces.length === 0 && rest[skipSpace(rest, 0)] === CLOSE_BRACE) added.pop();
  return Buffer.concat([body.subarray(0, open), ...[...added, ...pieces].map(toBytes), rest]);
}

const toBytes = (piece: string | Buffer): Buffer => (typeof piece === 'string' ? Buffer.from(piece) : piece);

/** Where the quoted key of a value begins. */
function keyStart(body: Buffer, value: JsonSpan, key: string): number {
  const colon = body.lastIndexOf(COLON, value.start - 1);
  return body.lastIndexOf(QUOTE, colon) - key.length - 1;
}

function afterComma(body: Buffer, valueEnd: number): number {
  const at = skipSpace(body, valueEnd);
  return body[at] === COMMA ? at + 1 : at;
}

/** The same for a body whose spans are not known yet. A body that is no JSON object comes back unchanged. */
export function setMembers(body: Buffer, edits: Readonly<Record<string, string | Buffer | null>>): Buffer {
  const wanted = new Map(Object.entries(edits));
  const spans = scanJsonObject(body, new Set(wanted.keys()));
  return typeof spans === 'string' ? body : editJsonObject(body, spans, wanted);
}

const QUOTE = 34;
const COLON = 58;
const COMMA = 44;
const CLOSE_BRACE = 125;

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === 32 || bytes[at] === 10 || bytes[at] === 13 || bytes[at] === 9) at += 1;
  return at;
}

const isBlank = (bytes: Buffer): boolean => skipSpace(bytes, 0) === bytes.length;
