import type { IncomingMessage } from 'node:http';
import type { Identity } from '@vigiles/contract';
import { protocols, type WireError } from '@vigiles/wire';
import type { WebSocket } from 'ws';
import { setMembers } from '../core/edit-json.ts';
import { inputItems, readResponseHead } from '../core/response-head.ts';
import { scanJsonObject } from '../core/scan-json.ts';
import type { GatewayCore } from '../gateway-core.ts';
import { DetachedResponse } from '../serve/detached-response.ts';
import type { Line } from './keep-answer.ts';
import type { Responses } from './responses.ts';
import { takeOnSocket, wrappedError } from './socket-turn.ts';

/** One connection: turns in a row, each admitted like a request of its own. */
export interface ResponsesSocket {
  /** Says that its time is over, after the turn under way. */
  expire(): void;
  close(): void;
}

export interface SocketOptions {
  core: GatewayCore;
  responses: Responses;
  socket: WebSocket;
  /** The request that was upgraded: its headers go with every turn. */
  req: IncomingMessage;
  identity: Identity;
  /** Looks at the token again: it may have been revoked since. */
  identify(): Promise<Identity | WireError>;
  /** A turn begins. */
  began(): void;
}

const KEYS = new Set(['type', 'generate']);

/** Codex and the OpenAI packages open a new connection when they read this. */
const EXPIRED = {
  type: 'invalid_request_error',
  code: 'websocket_connection_limit_reached',
  message: 'This connection ends here: it was open for an hour, or the gateway stops. Open another one.',
  param: null,
};

export function serveSocket({
  core,
  responses,
  socket,
  req,
  identity,
  identify,
  began,
}: SocketOptions): ResponsesSocket {
  const line: Line = { owner: `${identity.deviceId}\t${core.newId('line')}`, kept: [] };
  let current: DetachedResponse | undefined;
  /** A turn is about to begin. */
  let checking = false;
  let expired = false;

  function refuse(status: number, code: string, message: string): void {
    socket.send(wrappedError(status, { type: 'invalid_request_error', code, message, param: null }));
  }

  function expire(): void {
    expired = true;
    if (current || checking) return;
    socket.send(wrappedError(400, EXPIRED));
    socket.close(1000, 'connection limit');
  }

  /** Every turn shows its token. */
  async function check(body: Buffer): Promise<void> {
    checking = true;
    const found = await identify();
    checking = false;
    if (socket.readyState !== socket.OPEN) return;
    if ('message' in found) {
      const { status, body: envelope } = protocols['openai-responses'].encodeError(found);
      socket.send(wrappedError(status, (envelope as { error: unknown }).error));
      socket.close(1008, 'not admitted');
    } else create(body);
  }

  function create(body: Buffer): void {
    const response = new DetachedResponse(
      req,
      takeOnSocket(
        socket,
        () => response,
        () => {
          current = undefined;
          if (expired) expire();
        },
      ),
    );
    current = response;
    began();
    // Transport fields of the message are none of the request.
    responses.take(
      req,
      response,
      identity,
      setMembers(body, { type: null, generate: null, background: null, stream: 'true' }),
      line,
    );
  }

  /** A turn that asks for nothing: the client sends its first items early. */
  function warmUp(body: Buffer): void {
    const head = readResponseHead(body);
    const id = core.newId('resp');
    const made = {
      id,
      object: 'response',
      created_at: Math.floor(core.clock.now() / 1000),
      model: head?.model ?? '',
      output: [],
      error: null,
      incomplete_details: null,
      usage: null,
    };
    const previous = head?.previous ?? null;
    const parent =
      previous === null
        ? null
        : (responses.store.find(line.owner, previous) ?? responses.store.find(identity.deviceId, previous));
    if (parent === undefined) {
      refuse(404, 'previous_response_not_found', `Response with id '${previous ?? ''}' not found.`);
      return;
    }
    const kept = responses.store.keep({
      id,
      owner: line.owner,
      parent,
      input: Buffer.from(inputItems(body, head?.spans.get('input'))),
      response: Buffer.from(JSON.stringify({ ...made, status: 'completed' })),
      output: Buffer.alloc(0),
    });
    if (kept) line.kept.push(kept);
    const tell = (type: string, sequence_number: number, status: string): void =>
      socket.send(JSON.stringify({ type, sequence_number, response: { ...made, status } }));
    tell('response.created', 0, 'in_progress');
    tell('response.completed', 1, 'completed');
  }

  function take(data: Buffer): void {
    const spans = scanJsonObject(data, KEYS);
    const text = (key: string): string | undefined => {
      const span = typeof spans === 'string' ? undefined : spans.get(key);
      return span && data.toString('utf8', span.start, Math.min(span.end, span.start + 100));
    };
    if (typeof spans === 'string') refuse(400, 'invalid_json', `The message cannot be read: ${spans}.`);
    else if (text('type') !== '"response.create"') {
      refuse(
        400,
        'unknown_event',
        `The message type ${text('type') ?? '(none)'} is not known: \`response.create\` is.`,
      );
    } else if (current || checking) {
      refuse(
        409,
        'response_in_progress',
        'One response at a time on a connection; wait for the end of this one.',
      );
    } else if (expired) expire();
    else if (text('generate') === 'false') warmUp(data);
    else void check(data);
  }

  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) refuse(400, 'binary_message', 'Messages are text.');
    else take(data);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    current?.leave();
    current = undefined;
    for (const kept of line.kept) responses.store.drop(kept);
  });

  return {
    expire,
    close() {
      socket.close(1001, 'going away');
      socket.terminate();
    },
  };
}
