import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { allows, type Identity } from '@vigiles/contract';
import type { ProtocolName, WireError } from '@vigiles/wire';
import { withUrlFields } from '../core/gemini-body.ts';
import type { GatewayCore } from '../gateway-core.ts';
import { serveCount } from '../tokens/serve-count.ts';
import { serveGeminiCount } from '../tokens/serve-gemini-count.ts';
import { runTurn } from '../turn/run-turn.ts';
import { gatewayError, sendError } from '../turn/send-error.ts';
import { Turn } from '../turn/turn.ts';
import { isGeminiPath, keyInQuery, readGeminiAddress } from './gemini-address.ts';
import { geminiModels } from './gemini-models.ts';
import { streamAsJsonArray } from './json-array-stream.ts';
import { GatewayResponse } from './messages.ts';
import { modelInfos } from './model-infos.ts';
import { modelList } from './model-list.ts';
import { readBody } from './read-body.ts';
import { memoryMb, snapshot, type ProcessFacts } from './snapshot.ts';
import { tokenOf, type TokenDoor } from './token.ts';

export interface GatewayServerOptions {
  core: GatewayCore;
  door: TokenDoor<Identity>;
  facts: ProcessFacts;
  /** Proves to control that this is the gateway it started, and opens `/monitoring` for it. */
  secret: string;
}

export type GatewayServer = Server<typeof IncomingMessage, typeof GatewayResponse>;

const TURN_PATHS: Record<string, ProtocolName> = {
  '/v1/responses': 'openai-responses',
  '/v1/chat/completions': 'openai-chat',
  '/v1/messages': 'anthropic-messages',
};

const COUNT_PATH = '/v1/messages/count_tokens';

/** The gateway's HTTP face. It is `node:http` itself: see docs/adr/0005. */
export function createGatewayServer({ core, door, facts, secret }: GatewayServerOptions): GatewayServer {
  const server = createServer<typeof IncomingMessage, typeof GatewayResponse>({
    ServerResponse: GatewayResponse,
    keepAliveTimeout: 75_000,
    headersTimeout: 60_000,
    requestTimeout: 300_000,
    maxHeaderSize: 64 * 1024,
  });

  server.on('request', (req: IncomingMessage, res: GatewayResponse) => {
    const url = req.url ?? '/';
    const query = url.indexOf('?');
    const path = query === -1 ? url : url.slice(0, query);
    const client = TURN_PATHS[path];
    if (client && req.method === 'POST') {
      facts.requestsTotal += 1;
      admitDevice(req, res, client, takeTurn);
    } else if (path === COUNT_PATH && req.method === 'POST') {
      admitDevice(req, res, 'anthropic-messages', takeCount);
    } else if (client || path === COUNT_PATH)
      refuse(req, res, client ?? 'anthropic-messages', methodNotAllowed(path));
    else if (isGeminiPath(path) && req.method === 'POST') serveGemini(req, res, path, url);
    else serveOther(req, res, path, url);
  });
  server.on('upgrade', refuseUpgrade);
  server.on('clientError', (_thrown, socket: Duplex) => {
    if (socket.writable)
      socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    else socket.destroy();
  });

  type Next = (req: IncomingMessage, res: GatewayResponse, client: ProtocolName, identity: Identity) => void;

  function admitDevice(req: IncomingMessage, res: GatewayResponse, client: ProtocolName, next: Next): void {
    const token = givenToken(req, client);
    if (token === undefined) {
      refuse(
        req,
        res,
        client,
        unauthorized(
          `A token is needed: send it as \`Authorization: Bearer\` or \`${client === 'gemini' ? 'x-goog-api-key' : 'x-api-key'}\`.`,
        ),
      );
      return;
    }
    const known = bySecret(req) ? controlIdentity(req) : door.peek(token);
    if (known) {
      judge(req, res, client, known, next);
      return;
    }
    door.authenticate(token).then(
      (identity) => judge(req, res, client, identity, next),
      (thrown: unknown) => {
        core.log.error({ err: thrown }, 'a token could not be checked');
        refuse(
          req,
          res,
          client,
          gatewayError('overloaded', 'Tokens cannot be checked at the moment.', { retryAfterMs: 2000 }),
        );
      },
    );
  }

  function judge(
    req: IncomingMessage,
    res: GatewayResponse,
    client: ProtocolName,
    identity: Identity | null,
    next: Next,
  ): void {
    if (!identity) refuse(req, res, client, unauthorized('The token is not valid, or it was revoked.'));
    else if (!allows(identity, 'gateway')) {
      refuse(
        req,
        res,
        client,
        gatewayError('permission', 'This token may not send model traffic: it lacks the scope `gateway`.'),
      );
    } else next(req, res, client, identity);
  }

  function takeTurn(
    req: IncomingMessage,
    res: GatewayResponse,
    client: ProtocolName,
    identity: Identity,
    prepare: (body: Buffer) => Buffer = unchanged,
  ): void {
    const encoding = req.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      refuse(
        req,
        res,
        client,
        gatewayError('invalid-request', `The body is compressed (${encoding}); send it plain.`),
      );
      return;
    }
    const maxBytes = core.config.max_body_mb * 1024 * 1024;
    readBody(req, maxBytes, (body) => {
      if (body === 'too-large') {
        const turn = new Turn(core, req, res, client, identity, NOTHING);
        turn.fail(
          gatewayError('too-large', `The request body is larger than ${core.config.max_body_mb} MB.`),
          'rejected',
        );
        return;
      }
      const turn = new Turn(core, req, res, client, identity, prepare(body));
      try {
        runTurn(turn);
      } catch (thrown) {
        core.log.error({ err: thrown, turn: turn.id }, 'a turn failed inside the gateway');
        turn.fail(
          gatewayError('server', 'The gateway failed on this turn; its log has the cause.'),
          'gateway_error',
        );
      }
    });
  }

  /** Model and verb stand in the URL: `/v1beta/models/{model}:generateContent`. */
  function serveGemini(req: IncomingMessage, res: GatewayResponse, path: string, url: string): void {
    const address = readGeminiAddress(path, url);
    const verb = address?.verb;
    if (
      !address ||
      (verb !== 'generateContent' && verb !== 'streamGenerateContent' && verb !== 'countTokens')
    ) {
      refuse(req, res, 'gemini', nothingAt(req.method, path));
      return;
    }
    const { model, sse } = address;
    if (verb === 'countTokens') {
      admitDevice(req, res, 'gemini', (...of) =>
        takeCount(...of, (body) => serveGeminiCount(core, req, res, body, model)),
      );
      return;
    }
    facts.requestsTotal += 1;
    const stream = verb === 'streamGenerateContent';
    if (stream && !sse) streamAsJsonArray(res);
    admitDevice(req, res, 'gemini', (...of) => takeTurn(...of, (body) => withUrlFields(body, model, stream)));
  }

  function takeCount(
    req: IncomingMessage,
    res: GatewayResponse,
    client: ProtocolName,
    _identity: Identity,
    serve: (body: Buffer) => Promise<void> = (body) => serveCount(core, req, res, body),
  ): void {
    readBody(req, core.config.max_body_mb * 1024 * 1024, (body) => {
      if (body === 'too-large') {
        refuse(
          req,
          res,
          client,
          gatewayError('too-large', `The request body is larger than ${core.config.max_body_mb} MB.`),
        );
        return;
      }
      serve(body).catch((thrown: unknown) => {
        core.log.error({ err: thrown }, 'tokens could not be counted');
        refuse(
          req,
          res,
          client,
          gatewayError('server', 'The tokens could not be counted; the log has the cause.'),
        );
      });
    });
  }

  function serveOther(req: IncomingMessage, res: GatewayResponse, path: string, url: string): void {
    if (path === '/health') {
      health(res, url);
      return;
    }
    const client = speakerOf(req, path);
    if (path === '/monitoring/models' && bySecret(req)) {
      sendJson(res, modelInfos(core.table));
      return;
    }
    if (path === '/monitoring' && bySecret(req)) {
      sendJson(res, snapshot(core, facts));
      return;
    }
    if (path === '/monitoring' || path === '/v1/models' || (client === 'gemini' && isModelPath(path))) {
      void serveRead(req, res, client, path);
      return;
    }
    refuse(req, res, client, nothingAt(req.method, path));
  }

  async function serveRead(
    req: IncomingMessage,
    res: GatewayResponse,
    client: ProtocolName,
    path: string,
  ): Promise<void> {
    const token = givenToken(req, client);
    const identity =
      token === undefined ? null : (door.peek(token) ?? (await door.authenticate(token).catch(() => null)));
    const scope = path === '/monitoring' ? 'read' : 'gateway';
    if (!identity) refuse(req, res, client, unauthorized('A valid token is needed.'));
    else if (!allows(identity, scope))
      refuse(req, res, client, gatewayError('permission', `This token lacks the scope \`${scope}\`.`));
    else if (path === '/monitoring') sendJson(res, snapshot(core, facts));
    else if (client === 'gemini') serveGeminiModels(req, res, path);
    else sendJson(res, modelList(core.table, facts.startedAt));
  }

  function serveGeminiModels(req: IncomingMessage, res: GatewayResponse, path: string): void {
    const models = geminiModels(core.table, facts.startedAt);
    const wanted = path.slice(path.indexOf('models')).replace(/%2f/gi, '/');
    const one = models.find(({ name }) => name === wanted);
    if (wanted === 'models') sendJson(res, { models });
    else if (one) sendJson(res, one);
    else refuse(req, res, 'gemini', nothingAt(req.method, path));
  }

  function health(res: GatewayResponse, url: string): void {
    const nonce = new URL(url, 'http://gateway').searchParams.get('nonce');
    const answer: Record<string, unknown> = {
      status: core.draining ? 'draining' : 'ok',
      version: facts.version,
      uptime_s: Math.floor((core.clock.now() - facts.startedAt) / 1000),
      memory_mb: memoryMb(),
      requests_total: facts.requestsTotal,
      pid: process.pid,
    };
    if (nonce !== null) answer['proof'] = createHmac('sha256', secret).update(nonce).digest('hex');
    sendJson(res, answer);
  }

  function bySecret(req: IncomingMessage): boolean {
    const given = tokenOf(req.headers);
    if (given?.length !== secret.length) return false;
    return timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(secret, 'latin1'));
  }

  function refuse(req: IncomingMessage, res: GatewayResponse, client: ProtocolName, error: WireError): void {
    req.resume();
    sendError(res, client, error, core.draining);
  }

  return server;
}

const NOTHING = Buffer.alloc(0);

const unchanged = (body: Buffer): Buffer => body;

const nothingAt = (method = 'GET', path: string): WireError =>
  gatewayError('not-found', `There is nothing at ${method} ${path}.`, { code: 'not_found' });

const isModelPath = (path: string): boolean => /^\/v1(?:beta)?\/models(?:\/|$)/.test(path);

/** Whose envelope an answer outside of turns comes in. */
function speakerOf({ headers }: IncomingMessage, path: string): ProtocolName {
  // Google's package asks for lists below `/v1`, where OpenAI's and Anthropic's stand too: only its key tells it apart.
  if (path.startsWith('/v1beta/') || (isModelPath(path) && headers['x-goog-api-key'] !== undefined))
    return 'gemini';
  return headers['anthropic-version'] === undefined ? 'openai-chat' : 'anthropic-messages';
}

/** Gemini's clients may also send their key in the URL. */
const givenToken = (req: IncomingMessage, client: ProtocolName): string | undefined =>
  tokenOf(req.headers) ?? (client === 'gemini' ? keyInQuery(req.url) : undefined);

/** Control asks for one of its own devices: limits and ledger count it there. */
function controlIdentity(req: IncomingMessage): Identity {
  const named = req.headers['x-vigiles-device'];
  const deviceId = typeof named === 'string' && named !== '' ? named.slice(0, 64) : 'control';
  return { kind: 'device', deviceId, name: deviceId, scopes: ['gateway'] };
}

const unauthorized = (message: string): WireError =>
  gatewayError('auth', message, { code: 'invalid_api_key' });

const methodNotAllowed = (path: string): WireError =>
  gatewayError('not-found', `${path} takes POST.`, { code: 'method_not_allowed' });

function sendJson(res: GatewayResponse, body: unknown): void {
  const text = JSON.stringify(body);
  res.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  res.end(text);
}

/** Codex tries a WebSocket first where its provider allows one; 426 sends it back to POST at once. */
function refuseUpgrade(_req: IncomingMessage, socket: Duplex): void {
  const body =
    '{"error":{"message":"WebSocket is not served here; use POST.","type":"invalid_request_error","code":"upgrade_required"}}';
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 426 Upgrade Required\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}
