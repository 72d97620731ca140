import { protocols } from '@vigiles/wire';
import type { IncomingMessage } from 'node:http';
import { readRequestHead, replaceModel } from '../core/request-head.ts';
import { passedRequestHeaders, returnedHeaders } from '../core/upstream-headers.ts';
import type { GatewayCore } from '../gateway-core.ts';
import type { GatewayResponse } from '../serve/messages.ts';
import { gatewayError, sendError } from '../turn/send-error.ts';
import { authorisedHeaders } from '../upstream/credentials/authorised-headers.ts';
import { requestOver } from '../upstream/pool.ts';
import { countingPlace } from './counting-place.ts';

const FORWARD_TIMEOUT_MS = 15_000;

/**
 * `POST /v1/messages/count_tokens`: asked of the provider where it counts itself, counted here otherwise. Not a turn: it
 * costs nothing and leaves no ledger row.
 */
export async function serveCount(
  core: GatewayCore,
  req: IncomingMessage,
  res: GatewayResponse,
  body: Buffer,
): Promise<void> {
  const head = readRequestHead(body);
  if (typeof head === 'string') {
    sendError(res, 'anthropic-messages', gatewayError('invalid-request', head));
    return;
  }
  const place = countingPlace(core, req, head.model);
  const upstream = place?.upstream;
  if (place && upstream?.pool && upstream.type.countsTokens) {
    const sent = place.model === head.model ? body : replaceModel(body, head.modelSpan, place.model);
    const request = {
      path: `${upstream.basePath}/messages/count_tokens`,
      method: 'POST' as const,
      headers: passedRequestHeaders(req.headers, upstream.headers),
      body: sent,
    };
    const headers = await authorisedHeaders(upstream, request);
    const signal = AbortSignal.timeout(FORWARD_TIMEOUT_MS);
    const answer =
      headers && (await requestOver(upstream.pool, { ...request, headers, signal }).catch(() => null));
    // A provider that cannot be reached must not keep a client from managing its context.
    if (answer && answer.statusCode < 500) {
      const bytes = Buffer.from(await answer.body.arrayBuffer());
      res.writeHead(
        answer.statusCode,
        returnedHeaders(answer.headers).concat('content-length', String(bytes.length)),
      );
      res.end(bytes);
      return;
    }
  }
  const decoded = protocols['anthropic-messages'].decodeRequest(withLimit(body));
  if (!decoded.ok) {
    sendError(res, 'anthropic-messages', decoded.error);
    return;
  }
  const text = JSON.stringify({ input_tokens: await core.tokens.count(decoded.value) });
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  res.end(text);
}

/** The same body as a turn's, except that it needs no `max_tokens`. */
function withLimit(body: Buffer): unknown {
  try {
    return { max_tokens: 1, ...(JSON.parse(body.toString()) as object) };
  } catch {
    return undefined;
  }
}
