import type { ProviderProtocol } from '../protocol.ts';
import { decodeResponse } from './decode-response.ts';
import { createStreamDecoder } from './decode-stream.ts';
import { encodeRequest } from './encode-request.ts';
import { decodeError } from './error.ts';
import { createEventStreamParser } from './event-stream.ts';

/**
 * Amazon Bedrock's Converse API (`/model/{id}/converse`, `/converse-stream`): one shape for every maker's models.
 * Provider side only. Streams come as binary frames.
 */
export const bedrockConverse: ProviderProtocol = {
  name: 'bedrock-converse',
  encodeRequest,
  decodeResponse,
  createStreamDecoder,
  decodeError,
  createParser: createEventStreamParser,
};
