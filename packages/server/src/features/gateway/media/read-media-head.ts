import { readRequestHead, replaceModel, type RequestHead } from '../core/request-head.ts';
import { scanForm } from './multipart.ts';

/** A request's head, and its body with another model. */
export interface MediaHead extends RequestHead {
  /** False: a form with files, whose size says nothing about tokens. */
  json: boolean;
  withModel(model: string): Buffer;
}

const FIELDS = new Set(['model', 'stream']);

/** Reads model and stream from a JSON body or a form. A string result says what is wrong. */
export function readMediaHead(body: Buffer, contentType: string | undefined): MediaHead | string {
  if (contentType === undefined || !/^\s*multipart\/form-data/i.test(contentType)) {
    const head = readRequestHead(body);
    if (typeof head === 'string') return head;
    return { ...head, json: true, withModel: (model) => replaceModel(body, head.modelSpan, model) };
  }
  const fields = scanForm(body, contentType, FIELDS);
  if (typeof fields === 'string') return `The form cannot be read: ${fields}.`;
  const modelSpan = fields.get('model');
  const model = modelSpan && body.toString('utf8', modelSpan.start, modelSpan.end).trim();
  if (!modelSpan || !model) return 'The form field `model` is missing or empty.';
  const streamSpan = fields.get('stream');
  const stream = streamSpan ? body.toString('latin1', streamSpan.start, streamSpan.end).trim() : '';
  return {
    model,
    stream: stream === 'true',
    maxOutputTokens: undefined,
    modelSpan,
    json: false,
    withModel: (other) =>
      Buffer.concat([body.subarray(0, modelSpan.start), Buffer.from(other), body.subarray(modelSpan.end)]),
  };
}
