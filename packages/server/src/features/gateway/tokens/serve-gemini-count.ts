import type { IncomingMessage } from 'node:http';
import { protocols } from '@vigiles/wire';
import { passedRequestHeaders, returnedHeaders } from '../core/upstream-headers.ts';
import type { GatewayCore } from '../gateway-core.ts';
import type { GatewayResponse } from '../serve/messages.ts';
import { gatewayError, sendError } from '../turn/send-error.ts';
import { spokenTo } from '../turn/provider-request.ts';
import { authorisedHeaders } from '../upstream/credentials/authorised-headers.ts';
import { requestOver } from '../upstream/pool.ts';
import { countingPlace } from './counting-place.ts';

const FORWARD_TIMEOUT_MS = 15_000;

/**
 * `:countTokens`: asked of the provider where it is a Gemini, counted here otherwise. Not a turn: it costs nothing and
 * leaves no ledger row.
 */
export async function serveGeminiCount(
  core: GatewayCore,
  req: IncomingMessage,
  res: GatewayResponse,
  body: Buffer,
  model: string,
): Promise<void> {
  const plan = core.table.plan(model);
  const place = countingPlace(core, req, model);
  const upstream = place?.upstream;
  const spoken = place ? spokenTo(place.upstream, 'gemini', place.model) : undefined;
  if (place && upstream?.pool && spoken?.protocol === 'gemini') {
    const named = place.model;
    const request = {
      path: `${upstream.basePath}${spoken.path}/${encodeURIComponent(named)}:countTokens`,
      method: 'POST' as const,
      headers: passedRequestHeaders(req.headers, upstream.headers),
      body: renamed(body, named),
    };
    const headers = await authorisedHeaders(upstream, request);
    const signal = AbortSignal.timeout(FORWARD_TIMEOUT_MS);
    const answer =
      headers && (await requestOver(upstream.pool, { ...request, headers, signal }).catch(() => null));
    // A provider that cannot be reached must not keep a client from managing its context.
    if (answer && answer.statusCode < 500) {
      const bytes = Buffer.from(await answer.body.arrayBuffer());
      const headers = returnedHeaders(answer.headers).concat('content-length', String(bytes.length));
      res.writeHead(answer.statusCode, headers);
      res.end(bytes);
      return;
    }
  }
  const decoded = protocols.gemini.decodeRequest(withModel(body, model));
  if (!decoded.ok) {
    sendError(res, 'gemini', decoded.error);
    return;
  }
  if (!plan.ok) {
    sendError(
      res,
      'gemini',
      gatewayError('not-found', plan.message, { code: 'model_not_found', param: 'model' }),
    );
    return;
  }
  const text = JSON.stringify({ totalTokens: await core.tokens.count(decoded.value) });
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  res.end(text);
}

function withModel(body: Buffer, model: string): unknown {
  try {
    return { ...(JSON.parse(body.toString()) as object), model };
  } catch {
    return undefined;
  }
}

/** Inside `generateContentRequest` Gemini wants the model once more. */
function renamed(body: Buffer, model: string): Buffer {
  if (!body.includes('generateContentRequest') && !body.includes('generate_content_request')) return body;
  try {
    const parsed = JSON.parse(body.toString()) as Record<string, unknown>;
    for (const field of ['generateContentRequest', 'generate_content_request']) {
      const inner = parsed[field];
      if (typeof inner === 'object' && inner !== null) parsed[field] = { ...inner, model: `models/${model}` };
    }
    return Buffer.from(JSON.stringify(parsed));
  } catch {
    return body;
  }
}
