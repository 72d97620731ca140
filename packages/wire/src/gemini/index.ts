import { asRecord } from '../json/read.ts';
import type { Protocol } from '../protocol.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { createStreamDecoder } from './decode-stream.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { createStreamEncoder } from './encode-stream.ts';
import { decodeError, encodeError } from './error.ts';
import { createPassthroughReader } from './passthrough-reader.ts';
import { decodeUsage } from './usage.ts';

/**
 * Google Gemini (`generateContent`, `streamGenerateContent?alt=sse`; `countTokens` bodies decode as well). Its URL says
 * which model and whether to stream; here both stand in the request's body, as `model` and `stream`.
 */
export const gemini: Protocol = {
  name: 'gemini',
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  createStreamDecoder,
  createStreamEncoder,
  decodeError,
  encodeError,
  readUsage: (body) => decodeUsage(asRecord(body)?.usageMetadata),
  createPassthroughReader,
};
