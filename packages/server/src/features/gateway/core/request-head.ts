import { withEdits } from './body-edit.ts';
import { scanJsonObject, type JsonSpan } from './scan-json.ts';

/** What the gateway must know of a request whose bytes pass through. */
export interface RequestHead {
  model: string;
  stream: boolean;
  /** The output limit the client set, whatever its protocol calls it. */
  maxOutputTokens: number | undefined;
  /** Where the model's JSON text stands in the body. */
  modelSpan: JsonSpan;
  /** Chat: where `stream_options` stands, if it does. */
  streamOptions?: JsonSpan | undefined;
}

/** The keys it is read from. */
export const HEAD_KEYS = [
  'model',
  'stream',
  'stream_options',
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  // Gemini has its limit one level down.
  'generationConfig',
  'generation_config',
] as const;

const KEYS = new Set<string>(HEAD_KEYS);

const CONFIG_KEYS = new Set(['maxOutputTokens', 'max_output_tokens']);

/** Longest model name taken; longer ones are a mistake or an attack on the ledger. */
const MAX_MODEL_BYTES = 512;

/** Reads model and stream from the body without parsing the rest. A string result says what is wrong. */
export function readRequestHead(body: Buffer): RequestHead | string {
  const spans = scanJsonObject(body, KEYS);
  if (typeof spans === 'string') return `The request body is not valid JSON: ${spans}.`;
  return requestHeadIn(body, spans);
}

/** The same where the spans of `HEAD_KEYS` are known already. */
export function requestHeadIn(body: Buffer, spans: Map<string, JsonSpan>): RequestHead | string {
  const modelSpan = spans.get('model');
  if (!modelSpan) return 'The field `model` is missing.';
  if (modelSpan.end - modelSpan.start > MAX_MODEL_BYTES) return 'The field `model` is too long.';
  const model = readValue(body, modelSpan);
  if (typeof model !== 'string' || model.trim() === '')
    return 'The field `model` must be a non-empty string.';
  const streamSpan = spans.get('stream');
  const stream = streamSpan ? readValue(body, streamSpan) : false;
  if (typeof stream !== 'boolean' && stream !== null) return 'The field `stream` must be true or false.';
  return {
    model,
    stream: stream === true,
    maxOutputTokens: readLimit(body, spans),
    modelSpan,
    streamOptions: spans.get('stream_options'),
  };
}

function readLimit(body: Buffer, spans: Map<string, JsonSpan>): number | undefined {
  const span =
    spans.get('max_output_tokens') ?? spans.get('max_completion_tokens') ?? spans.get('max_tokens');
  const config = span ? undefined : (spans.get('generationConfig') ?? spans.get('generation_config'));
  if (config) {
    const inner = body.subarray(config.start, config.end);
    const found = scanJsonObject(inner, CONFIG_KEYS);
    return typeof found === 'string' ? undefined : readNumber(inner, [...found.values()][0]);
  }
  return readNumber(body, span);
}

function readNumber(body: Buffer, span: JsonSpan | undefined): number | undefined {
  if (!span || span.end - span.start > 20) return undefined;
  const value = readValue(body, span);
  return typeof value === 'number' && value > 0 ? value : undefined;
}

/** Parses one value of a body; undefined where it is not JSON. */
export function readValue(body: Buffer, span: JsonSpan): unknown {
  try {
    return JSON.parse(body.toString('utf8', span.start, span.end));
  } catch {
    return undefined;
  }
}

/** The same body with another model: every other byte stays as it is. */
export function replaceModel(body: Buffer, span: JsonSpan, model: string): Buffer {
  return withEdits(body, [{ span, text: JSON.stringify(model) }]);
}

/**
 * The same body with other fields where its model stood, for providers that have the model in the URL. A field of the
 * client's own that is among them is taken out: two of one name would be refused.
 */
export function withoutModel(body: Buffer, span: JsonSpan, fields: Readonly<Record<string, string>>): Buffer {
  const own = scanJsonObject(body, new Set(Object.keys(fields)));
  if (typeof own === 'string' || own.size > 0) {
    const { model: _, ...rest } = JSON.parse(body.toString()) as Record<string, unknown>;
    return Buffer.from(JSON.stringify({ ...rest, ...fields }));
  }
  // From the key's quote to the value's end: another pair takes its place, so commas stay right.
  const key = body.lastIndexOf('"model"', span.start);
  const pairs = JSON.stringify(fields).slice(1, -1);
  return Buffer.concat([body.subarray(0, key), Buffer.from(pairs), body.subarray(span.end)]);
}
