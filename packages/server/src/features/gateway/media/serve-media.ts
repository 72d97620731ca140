import type { IncomingMessage } from 'node:http';
import type { Identity } from '@vigiles/contract';
import { passedRequestHeaders, returnedHeaders } from '../core/upstream-headers.ts';
import type { GatewayCore } from '../gateway-core.ts';
import type { GatewayResponse } from '../serve/messages.ts';
import type { UpstreamCall } from '../turn/attempt.ts';
import { runTurn } from '../turn/run-turn.ts';
import { gatewayError } from '../turn/send-error.ts';
import { Turn } from '../turn/turn.ts';
import { chooseProvider } from './choose-provider.ts';
import type { MediaAddress } from './media-kind.ts';
import { PassBytes } from './pass-bytes.ts';
import { readMediaHead } from './read-media-head.ts';

/**
 * Passes embeddings, images or audio through to a provider that has them: within the device's limits and the budget, and
 * with a row in the ledger, as any turn.
 */
export function serveMedia(
  core: GatewayCore,
  req: IncomingMessage,
  res: GatewayResponse,
  identity: Identity,
  address: MediaAddress,
  body: Buffer,
): void {
  const turn = new Turn(core, req, res, 'openai-chat', identity, NOTHING);
  turn.surface = address.surface;
  const contentType = req.headers['content-type'];
  const head = readMediaHead(body, contentType);
  if (typeof head === 'string') {
    turn.fail(gatewayError('invalid-request', head), 'rejected');
    return;
  }
  turn.modelRequested = head.model;
  const chosen = chooseProvider(core.table, head.model, address.kind);
  if ('kind' in chosen) {
    turn.fail(chosen, 'rejected');
    return;
  }
  turn.only = chosen;
  // What is reserved goes by the size of the text; files are no text.
  if (head.json) turn.body = body;
  turn.head = address.kind === 'embeddings' ? { ...head, maxOutputTokens: 1 } : head;
  turn.makeCall = (_turn, upstream) => {
    turn.upstreamProtocol = 'openai-chat';
    const headers = passedRequestHeaders(req.headers, upstream.headers);
    if (contentType !== undefined) headers[headers.indexOf('content-type') + 1] = contentType;
    const sent = turn.model === head.model ? body : head.withModel(turn.model);
    return { path: address.path, headers, body: sent, passThrough: true, open: openBytes };
  };
  runTurn(turn);
}

const openBytes: UpstreamCall['open'] = (turn, host, status, headers) => {
  const back = returnedHeaders(headers);
  back.push('x-vigiles-turn', turn.id, 'x-vigiles-provider', turn.upstream?.id ?? '');
  if (turn.core.draining) back.push('connection', 'close');
  return new PassBytes(turn, host, status, back);
};

const NOTHING = Buffer.alloc(0);
