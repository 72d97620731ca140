import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { allows, type Identity } from '@vigiles/contract';
import type { ProtocolName, WireError } from '@vigiles/wire';
import { withUrlFields } from '../core/gemini-body.ts';
import type { GatewayCore } from '../gateway-core.ts';
import { serveCount } from '../tokens/serve-count.ts';
import { serveGeminiCount } from '../tokens/serve-gemini-count.ts';
import { mediaAddress } from '../media/media-kind.ts';
import { serveMedia } from '../media/serve-media.ts';
import { answerPlain, createSocketDoor } from '../responses/accept-sockets.ts';
import { createResponses } from '../responses/responses.ts';
import { serveStored } from '../responses/serve-stored.ts';
import { readStoredAddress } from '../responses/stored-address.ts';
import { runTurn } from '../turn/run-turn.ts';
import { failInside } from '../turn/fail-inside.ts';
import { gatewayError, METHOD_NOT_ALLOWED } from '../turn/send-error.ts';
import { Turn } from '../turn/turn.ts';
import { serveControl } from './control-door.ts';
import { createDoorman, givenToken, unauthorized } from './doorman.ts';
import { isGeminiPath, readGeminiAddress } from './gemini-address.ts';
import { geminiModels } from './gemini-models.ts';
import { streamAsJsonArray } from './json-array-stream.ts';
import { GatewayRequest } from './gateway-request.ts';
import { GatewayResponse } from './messages.ts';
import { modelList } from './model-list.ts';
import { readBody } from './read-body.ts';
import { memoryMb, snapshot, type ProcessFacts } from './snapshot.ts';
import type { TokenDoor } from './token.ts';

export interface GatewayServerOptions {
  core: GatewayCore;
  door: TokenDoor<Identity>;
  facts: ProcessFacts;
  /** Proves to control that this is the gateway it started, and opens `/monitoring` for it. */
  secret: string;
}

export interface GatewayServer {
  readonly http: Server<typeof IncomingMessage, typeof GatewayResponse>;
  /** Takes no more on WebSockets; those with a turn under way close after it. */
  drain(): void;
  /** Closes WebSockets and forgets kept responses. */
  close(): void;
}

const TURN_PATHS: Record<string, ProtocolName> = {
  '/v1/responses': 'openai-responses',
  '/v1/chat/completions': 'openai-chat',
  '/v1/messages': 'anthropic-messages',
};

const COUNT_PATH = '/v1/messages/count_tokens';

/** The gateway's HTTP face. It is `node:http` itself: see docs/adr/0005. */
export function createGatewayServer({ core, door, facts, secret }: GatewayServerOptions): GatewayServer {
  const server = createServer<typeof IncomingMessage, typeof GatewayResponse>({
    IncomingMessage: GatewayRequest,
    ServerResponse: GatewayResponse,
    keepAliveTimeout: 75_000,
    headersTimeout: 60_000,
    requestTimeout: 300_000,
    maxHeaderSize: 64 * 1024,
  });

  const doorman = createDoorman(core, door, secret);
  const { admit, bySecret, refuse } = doorman;
  const responses = createResponses(core);
  const sockets = createSocketDoor(core, responses, doorman, () => {
    facts.requestsTotal += 1;
  });

  server.on('request', (req: IncomingMessage, res: GatewayResponse) => {
    const url = req.url ?? '/';
    const query = url.indexOf('?');
    const path = query === -1 ? url : url.slice(0, query);
    const client = TURN_PATHS[path];
    if (client && req.method === 'POST') {
      facts.requestsTotal += 1;
      admit(req, res, client, takeTurn);
    } else if (path === COUNT_PATH && req.method === 'POST') {
      admit(req, res, 'anthropic-messages', takeCount);
    } else if (client || path === COUNT_PATH)
      refuse(req, res, client ?? 'anthropic-messages', methodNotAllowed(path));
    else if (isGeminiPath(path) && req.method === 'POST') serveGemini(req, res, path, url);
    else if (path.startsWith('/v1/responses/')) serveResponses(req, res, path, url);
    else if (mediaAddress(path)) takeMedia(req, res, path);
    else serveOther(req, res, path, url);
  });
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    const [path] = (req.url ?? '/').split('?');
    if (core.config.responses_websocket && path === '/v1/responses' && !core.draining) {
      sockets.upgrade(req, socket, head);
    } else answerPlain(socket, USE_POST, '426 Upgrade Required');
  });
  server.on('clientError', (_thrown, socket: Duplex) => {
    if (socket.writable)
      socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    else socket.destroy();
  });

  /** Refuses a body that has to be unpacked first. */
  function isCompressed(req: IncomingMessage, res: GatewayResponse, client: ProtocolName): boolean {
    const encoding = req.headers['content-encoding'];
    if (encoding === undefined || encoding === 'identity') return false;
    const message = `The body is compressed (${encoding}); send it plain.`;
    refuse(req, res, client, gatewayError('invalid-request', message));
    return true;
  }

  /** Reads the body of a turn; undefined when it was refused. */
  function readTurn(
    req: IncomingMessage,
    res: GatewayResponse,
    client: ProtocolName,
    identity: Identity,
    next: (body: Buffer) => void,
  ): void {
    if (isCompressed(req, res, client)) return;
    readBody(req, core.config.max_body_mb * 1024 * 1024, (body) => {
      if (body !== 'too-large') {
        next(body);
        return;
      }
      const turn = new Turn(core, req, res, client, identity, NOTHING);
      turn.fail(tooLarge(), 'rejected');
    });
  }

  function takeTurn(
    req: IncomingMessage,
    res: GatewayResponse,
    client: ProtocolName,
    identity: Identity,
    prepare: (body: Buffer) => Buffer = unchanged,
  ): void {
    readTurn(req, res, client, identity, (body) => {
      if (client === 'openai-responses') {
        responses.take(req, res, identity, body);
        return;
      }
      const turn = new Turn(core, req, res, client, identity, prepare(body));
      turn.ownsBody = true;
      try {
        runTurn(turn);
      } catch (thrown) {
        failInside(turn, thrown);
      }
    });
  }

  /** What lies below `/v1/responses/`: kept responses, and the endpoint that compacts a history. */
  function serveResponses(req: IncomingMessage, res: GatewayResponse, path: string, url: string): void {
    const client = 'openai-responses';
    const method = req.method ?? 'GET';
    if (path === '/v1/responses/compact' && method === 'POST') {
      facts.requestsTotal += 1;
      admit(req, res, client, (_req, _res, _client, identity) =>
        readTurn(req, res, client, identity, (body) => responses.compact(req, res, identity, body)),
      );
      return;
    }
    const address = path === '/v1/responses/compact' ? 'POST' : readStoredAddress(method, path, url);
    if (address === undefined) refuse(req, res, client, nothingAt(method, path));
    else if (typeof address === 'string') refuse(req, res, client, methodNotAllowed(path, address));
    else {
      admit(req, res, client, (_req, _res, _client, identity) => {
        req.resume();
        serveStored(core, responses.store, req, res, identity, address, url).catch((thrown: unknown) => {
          core.log.error({ err: thrown }, 'a kept response could not be served');
          res.destroy();
        });
      });
    }
  }

  function takeMedia(req: IncomingMessage, res: GatewayResponse, path: string): void {
    const address = mediaAddress(path);
    if (!address || req.method !== 'POST') {
      refuse(req, res, 'openai-chat', methodNotAllowed(path));
      return;
    }
    facts.requestsTotal += 1;
    admit(req, res, 'openai-chat', (_req, _res, client, identity) =>
      readTurn(req, res, client, identity, (body) => serveMedia(core, req, res, identity, address, body)),
    );
  }

  function tooLarge(): WireError {
    return gatewayError('too-large', `The request body is larger than ${core.config.max_body_mb} MB.`);
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
      admit(req, res, 'gemini', (...of) =>
        takeCount(...of, (body) => serveGeminiCount(core, req, res, body, model)),
      );
      return;
    }
    facts.requestsTotal += 1;
    const stream = verb === 'streamGenerateContent';
    if (stream && !sse) streamAsJsonArray(res);
    admit(req, res, 'gemini', (...of) => takeTurn(...of, (body) => withUrlFields(body, model, stream)));
  }

  function takeCount(
    req: IncomingMessage,
    res: GatewayResponse,
    client: ProtocolName,
    _identity: Identity,
    serve: (body: Buffer) => Promise<void> = (body) => serveCount(core, req, res, body),
  ): void {
    if (isCompressed(req, res, client)) return;
    readBody(req, core.config.max_body_mb * 1024 * 1024, (body) => {
      if (body === 'too-large') {
        refuse(req, res, client, tooLarge());
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
    if (path.startsWith('/monitoring/') && bySecret(req)) {
      if (serveControl(core, req, path, (answer) => sendJson(res, answer))) return;
    }
    if (path === '/monitoring' && bySecret(req)) {
      sendJson(res, snapshot(core, facts));
      return;
    }
    if (path === '/monitoring' || (req.method === 'GET' && isModelPath(path))) {
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
    else serveModels(req, res, client, path);
  }

  const aliases = (): string[] =>
    core.config.routes.map(({ model }) => model).filter((model) => !model.endsWith('*'));

  /** The list, or one of it; OpenAI's and Anthropic's clients ask for both in the same way. */
  function serveModels(req: IncomingMessage, res: GatewayResponse, client: ProtocolName, path: string): void {
    const list = modelList(core.table, facts.startedAt, aliases());
    const wanted = decodePath(path.slice('/v1/models/'.length));
    const one = list.data.find(({ id }) => id === wanted);
    if (path === '/v1/models') sendJson(res, list);
    else if (one) sendJson(res, one);
    else {
      const message = `The model \`${wanted}\` is not among those that are listed here.`;
      refuse(
        req,
        res,
        client,
        gatewayError('not-found', message, { code: 'model_not_found', param: 'model' }),
      );
    }
  }

  function serveGeminiModels(req: IncomingMessage, res: GatewayResponse, path: string): void {
    const models = geminiModels(core.table, facts.startedAt, aliases());
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

  return {
    http: server,
    drain: () => sockets.drain(),
    close() {
      sockets.close();
      responses.store.close();
    },
  };
}

const NOTHING = Buffer.alloc(0);

/** Codex tries a WebSocket first where its provider allows one; 426 sends it back to POST at once. */
const USE_POST = gatewayError('invalid-request', 'WebSocket is not served here; use POST.', {
  code: 'upgrade_required',
});

const unchanged = (body: Buffer): Buffer => body;

const nothingAt = (method = 'GET', path: string): WireError =>
  gatewayError('not-found', `There is nothing at ${method} ${path}.`, { code: 'not_found' });

const isModelPath = (path: string): boolean => /^\/v1(?:beta)?\/models(?:\/|$)/.test(path);

function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whose envelope an answer outside of turns comes in. */
function speakerOf({ headers }: IncomingMessage, path: string): ProtocolName {
  // Google's package asks for lists below `/v1`, where OpenAI's and Anthropic's stand too: only its key tells it apart.
  if (path.startsWith('/v1beta/') || (isModelPath(path) && headers['x-goog-api-key'] !== undefined))
    return 'gemini';
  return headers['anthropic-version'] === undefined ? 'openai-chat' : 'anthropic-messages';
}

const methodNotAllowed = (path: string, methods = 'POST'): WireError =>
  gatewayError('invalid-request', `${path} takes ${methods}.`, { code: METHOD_NOT_ALLOWED });

function sendJson(res: GatewayResponse, body: unknown): void {
  const text = JSON.stringify(body);
  res.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  res.end(text);
}
