import type { Signature } from '../canonical/index.ts';
import { asRecord, asText, type JsonRecord } from '../json/read.ts';
import type { DecodeContext } from '../protocol.ts';
import { restoreCall, type RestoredCall } from '../tools/restore-call.ts';
import { labelOf } from './decode-parts.ts';
import { decodeSignature } from './signature.ts';

/** One part of an answer, as stream and whole answer both read it. */
export type AnswerPart =
  | { type: 'text' | 'reasoning'; text: string; signature?: Signature }
  | ({ type: 'call'; id: string | undefined; signature?: Signature } & RestoredCall)
  | { type: 'opaque'; label: string; raw: JsonRecord };

export function readAnswerPart(value: unknown, context: DecodeContext): AnswerPart | undefined {
  const part = asRecord(value);
  if (!part) return undefined;
  const opened = decodeSignature(asText(part.thoughtSignature), context.issuer);
  const signed: { signature?: Signature } = {};
  if (opened) signed.signature = { issuer: opened.issuer, kind: opened.kind, data: opened.data };
  const call = asRecord(part.functionCall);
  if (call) {
    const name = asText(call.name);
    if (name === undefined) return undefined;
    const args = typeof call.args === 'string' ? call.args : JSON.stringify(call.args ?? {});
    return { type: 'call', id: asText(call.id), ...restoreCall(context.names, name, args), ...signed };
  }
  if (typeof part.text === 'string') {
    const text = opened?.text ?? part.text;
    return { type: part.thought === true ? 'reasoning' : 'text', text, ...signed };
  }
  const label = labelOf(part);
  // A signature that stands alone signs the text before it.
  if (label === 'empty') return signed.signature ? { type: 'text', text: '', ...signed } : undefined;
  return { type: 'opaque', label, raw: part };
}

/** Ids of an answer's calls: Gemini leaves them out or repeats them; results could not be told apart. */
export function createAnswerIds(context: DecodeContext): (given: string | undefined) => string {
  const taken = new Set<string>();
  return (given) => {
    const id = given === undefined || taken.has(given) ? context.newId('call') : given;
    taken.add(id);
    return id;
  };
}
