import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Identity } from '@vigiles/contract';
import type { WireError } from '@vigiles/wire';
import { passedRequestHeaders, returnedHeaders } from '../core/upstream-headers.ts';
import type { GatewayCore } from '../gateway-core.ts';
import type { GatewayResponse } from '../serve/messages.ts';
import { connectionError } from '../turn/connection-error.ts';
import { gatewayError, sendError } from '../turn/send-error.ts';
import { requestOver } from '../upstream/pool.ts';
import { unknownResponse } from './history.ts';
import { inputItemPage } from './input-items.ts';
import type { KeptResponse, ResponseStore } from './response-store.ts';
import type { StoredAddress } from './stored-address.ts';

/** Answers what is asked about a kept response: from memory, or from the provider that keeps it. */
export async function serveStored(
  core: GatewayCore,
  store: ResponseStore,
  req: IncomingMessage,
  res: GatewayResponse,
  identity: Identity,
  address: StoredAddress,
  url: string,
): Promise<void> {
  const refuse = (error: WireError): void => void sendError(res, 'openai-responses', error, core.draining);
  const kept = store.find(identity.deviceId, address.id);
  if (!kept) {
    refuse(unknownResponse(core, address.id));
    return;
  }
  if (kept.issuer !== null) {
    await askIssuer(core, store, req, res, kept, address);
    return;
  }
  const query = new URL(url, 'http://gateway').searchParams;
  switch (address.action) {
    case 'get':
      if (query.get('stream') === 'true')
        refuse(gatewayError('invalid-request', NO_REPLAY, { param: 'stream' }));
      else sendJson(res, kept.response);
      return;
    case 'delete':
      kept.running?.cancel();
      store.drop(kept);
      sendJson(res, JSON.stringify({ id: kept.id, object: 'response', deleted: true }));
      return;
    case 'cancel':
      if (kept.running) {
        kept.running.cancel();
        sendJson(res, kept.response);
      } else if (kept.response.includes('"status":"cancelled"')) sendJson(res, kept.response);
      else refuse(gatewayError('invalid-request', NOT_RUNNING, { code: 'response_not_cancellable' }));
      return;
    case 'input_items': {
      const page = inputItemPage(kept, query);
      if (typeof page === 'string') refuse(gatewayError('invalid-request', page));
      else sendJson(res, JSON.stringify(page));
    }
  }
}

const NOTHING = Buffer.alloc(0);
const NO_REPLAY = 'A response that the gateway keeps is given whole: leave `stream` out.';
const NOT_RUNNING = 'Only a response that is still being answered in the background can be cancelled.';

/** The provider's own answer, byte for byte. */
async function askIssuer(
  core: GatewayCore,
  store: ResponseStore,
  req: IncomingMessage,
  res: GatewayResponse,
  kept: KeptResponse,
  { action, rest }: StoredAddress,
): Promise<void> {
  const upstream = core.table.get(kept.issuer ?? '');
  const spoken = upstream?.protocols.find(({ protocol }) => protocol === 'openai-responses');
  if (!upstream?.pool || !spoken) {
    const message = `The provider ${kept.issuer ?? ''}, which keeps this response, is not in force any more.`;
    sendError(res, 'openai-responses', gatewayError('not-found', message, { code: 'provider_gone' }));
    return;
  }
  const gone = new AbortController();
  res.on('close', () => gone.abort());
  const path = upstream.basePath + spoken.path + rest;
  const method = action === 'delete' ? 'DELETE' : action === 'cancel' ? 'POST' : 'GET';
  let headers = passedRequestHeaders(req.headers, upstream.headers);
  let answer: Dispatcher.ResponseData;
  try {
    const { origin, credential } = upstream;
    const given = await credential?.authorise({ method, origin, path, headers, body: NOTHING });
    if (given?.ok === false) {
      sendError(res, 'openai-responses', given.error);
      return;
    }
    if (given) headers = headers.concat(given.headers);
    answer = await requestOver(upstream.pool, { path, method, headers, signal: gone.signal });
  } catch (thrown) {
    if (gone.signal.aborted) return;
    sendError(res, 'openai-responses', connectionError(thrown as Error, upstream, false).error);
    return;
  }
  if (answer.statusCode === 404 || (action === 'delete' && answer.statusCode < 300)) store.drop(kept);
  res.writeHead(answer.statusCode, [...returnedHeaders(answer.headers), 'x-vigiles-provider', upstream.id]);
  pipeline(answer.body, res, () => {});
}

function sendJson(res: GatewayResponse, body: Buffer | string): void {
  res.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  res.end(body);
}
