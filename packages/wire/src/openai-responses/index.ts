import type { Protocol } from '../protocol.ts';
import { readHttpError } from '../errors/read-error.ts';
import { asRecord } from '../json/read.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { createStreamDecoder } from './decode-stream.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { createStreamEncoder } from './encode-stream.ts';
import { encodeError } from './error.ts';
import { createPassthroughReader } from './passthrough.ts';
import { decodeUsage } from './usage.ts';

/** The OpenAI Responses API, as Codex speaks it and as providers serve it. */
export const openaiResponses: Protocol = {
  name: 'openai-responses',
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  createStreamDecoder,
  createStreamEncoder,
  decodeError: readHttpError,
  encodeError,
  readUsage: (body) => decodeUsage(asRecord(body)?.usage),
  createPassthroughReader,
};
