import { HEAD_KEYS, requestHeadIn, type RequestHead } from './request-head.ts';
import { scanJsonObject, type JsonSpan } from './scan-json.ts';

/** What a Responses request says about state that outlives it. */
export interface ResponseHead {
  previous: string | null;
  /** Absent counts as true, as at OpenAI. */
  store: boolean;
  background: boolean;
  stream: boolean;
  /** The conversation has an id of its own at the provider. */
  conversation: boolean;
  model: string;
  spans: Map<string, JsonSpan>;
  /** What every turn's admission reads, found in the same pass; a text says what is wrong. */
  request: RequestHead | string;
}

const KEYS = new Set<string>([
  ...HEAD_KEYS,
  'previous_response_id',
  'store',
  'background',
  'conversation',
  'input',
  'instructions',
]);

/** Reads it without parsing the rest; undefined where the body is no JSON object, which whoever reads it next will say. */
export function readResponseHead(body: Buffer): ResponseHead | undefined {
  const spans = scanJsonObject(body, KEYS);
  if (typeof spans === 'string') return undefined;
  const text = (key: string): string | undefined => {
    const span = spans.get(key);
    return span && span.end - span.start <= 1024 ? body.toString('utf8', span.start, span.end) : undefined;
  };
  const conversation = spans.get('conversation');
  const request = requestHeadIn(body, spans);
  const said = typeof request === 'string' ? undefined : request;
  return {
    previous: asString(text('previous_response_id')),
    store: text('store') !== 'false',
    background: text('background') === 'true',
    stream: said ? said.stream : text('stream') === 'true',
    conversation: conversation !== undefined && text('conversation') !== 'null',
    model: said ? said.model : (asString(text('model')) ?? ''),
    spans,
    request,
  };
}

function asString(json: string | undefined): string | null {
  if (json?.startsWith('"') !== true) return null;
  try {
    return JSON.parse(json) as string;
  } catch {
    return null;
  }
}

/** The items of `input` as the inside of a JSON array; a string is one user message. */
export function inputItems(body: Buffer, span: JsonSpan | undefined): Buffer {
  if (!span) return NOTHING;
  const first = body[span.start];
  if (first === 91) return body.subarray(span.start + 1, span.end - 1);
  if (first !== 34) return NOTHING;
  return Buffer.concat([
    Buffer.from('{"type":"message","role":"user","content":'),
    body.subarray(span.start, span.end),
    Buffer.from('}'),
  ]);
}

const NOTHING = Buffer.alloc(0);
const COMMA = Buffer.from(',');

/** Joins the insides of JSON arrays into the inside of one; empty ones leave no comma behind. */
export function joinItems(lists: readonly Buffer[]): Buffer {
  const pieces: Buffer[] = [];
  for (const list of lists) {
    if (isBlank(list)) continue;
    if (pieces.length > 0) pieces.push(COMMA);
    pieces.push(list);
  }
  return Buffer.concat(pieces);
}

const isBlank = (list: Buffer): boolean =>
  list.length === 0 || (list.length < 64 && list.toString('latin1').trim() === '');
