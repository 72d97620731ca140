/**
 * A stand-in for control, for work on the dashboard alone: made-up data, live updates, and as many services as asked
 * for. Not part of the product; what the product does is shown by the real control.
 *
 *   node packages/dashboard/dev/stand-in.ts [services] [port]
 */
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { Server, type Socket } from 'socket.io';
import type { SessionEvent } from '@vigiles/contract';
import { answer, logLine } from './answer.ts';
import { answerSessions, happen, makeSessionWorld, readLog } from './answer-sessions.ts';
import { makeLive, makeSnapshot, makeTurn } from './make-turns.ts';
import { makeWorld } from './make-world.ts';

const dist = join(import.meta.dirname, '../dist');
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const policy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'";

export interface StandInOptions {
  port?: number;
  services?: number;
  empty?: boolean;
  /** Live updates; off, every screenshot is the same. */
  live?: boolean;
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}

/** Starts it on a free port. `fail` makes a path answer with a status, `delay` makes it slow, for those states. */
export async function startStandIn(options: StandInOptions = {}) {
  const world = makeWorld({ services: options.services ?? 12, empty: options.empty ?? false });
  const sessions = makeSessionWorld(options.empty ?? false);
  const faults = new Map<string, number>();
  const delays = new Map<string, number>();

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const send = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    };
    await new Promise((resolve) => setTimeout(resolve, delays.get(url.pathname) ?? 0));
    const signedIn = request.headers.cookie?.includes('session=1') ?? false;
    if (url.pathname === '/auth/sign-in') {
      const { code } = await readBody(request);
      if (code === 'good')
        send(200, { success: true }, { 'set-cookie': 'session=1; HttpOnly; SameSite=Strict; Path=/' });
      else send(401, { success: false, error: 'This code is not valid.', code: 'auth.bad_code' });
    } else if (url.pathname === '/auth/sign-out') {
      send(200, { success: true }, { 'set-cookie': 'session=; Path=/; Max-Age=0' });
    } else if (url.pathname.startsWith('/api/')) {
      const status = signedIn ? faults.get(url.pathname) : 401;
      if (!status && url.pathname.endsWith('/logs/stream')) return streamLog(response);
      if (status)
        send(status, {
          success: false,
          error: status === 401 ? 'Sign in first.' : 'The store is locked by another process.',
          code: status === 401 ? 'unauthorized' : 'store.locked',
        });
      else {
        const body = await readBody(request);
        const method = request.method ?? 'GET';
        const result =
          answerSessions(sessions, method, url, body, tellSession) ?? answer(world, method, url, body);
        send(result.status, result.body);
      }
    } else {
      const wanted = join(dist, normalize(url.pathname));
      const file = extname(wanted) && existsSync(wanted) ? wanted : join(dist, 'index.html');
      response.writeHead(200, {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': policy,
      });
      createReadStream(file).pipe(response);
    }
  };
  /** A service's output: what was, then a line now and then. */
  const streamLog = (response: ServerResponse): void => {
    const send = (lines: string[], reset: boolean): void =>
      void response.write(`data: ${JSON.stringify({ lines, reset })}\n\n`);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    send(
      Array.from({ length: 200 }, (_, i) => logLine(i)),
      true,
    );
    let at = 200;
    const more =
      options.live === false ? undefined : setInterval(() => send([logLine((at += 1))], false), 700);
    response.on('close', () => clearInterval(more));
  };
  // A browser that leaves in the middle of a request is nothing to end over.
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });

  const io = new Server(server, { serveClient: false });
  io.on('connection', (socket) => {
    socket.emit('connected', { timestamp: new Date().toISOString() });
    socket.on('subscribe', ({ last_seq, session_id }: { last_seq: number; session_id?: string }) => {
      if (session_id !== undefined) return followSession(socket, session_id, last_seq);
      for (const event of world.events) if (event.seq > last_seq) emit(event, socket);
      socket.emit('subscribed', { head_seq: world.head() });
    });
  });
  const tellSession = (event: SessionEvent): void =>
    void io
      .to(`session ${event.session_id}`)
      .emit('session:events', { session_id: event.session_id, events: [event] });
  function followSession(socket: Socket, id: string, lastSeq: number): void {
    const session = sessions.sessions.find((each) => each.session_id === id);
    void socket.join(`session ${id}`);
    const timestamp = new Date().toISOString();
    socket.emit('subscribed', {
      session_id: id,
      timestamp,
      head_seq: session?.head_seq ?? 0,
      oldest_seq: 1,
      reset: false,
    });
    if (session)
      socket.emit('session:events', {
        session_id: id,
        events: readLog(sessions, session, lastSeq, 2_000, null).events,
      });
  }
  type Emitter = { emit(name: string, message: unknown): unknown };
  const emit = (event: ReturnType<typeof world.append>, to: Emitter = io): void => {
    const { ts, ...rest } = event;
    to.emit(event.type.replace('.', ':'), { ...rest, timestamp: new Date(ts).toISOString() });
  };
  const volatile = (name: string, data: unknown): void =>
    void io.emit(name, { timestamp: new Date().toISOString(), data });

  /** Sent live and not kept, as pieces of a message are. */
  const sample = (id: string, type: string, data: Record<string, unknown>): void =>
    void io
      .to(`session ${id}`)
      .emit(type, { timestamp: new Date().toISOString(), session_id: id, type, volatile: true, data });
  const words = 'Now the parser handles empty input, and the tests pass once more. '.split(' ');
  /** The long session goes on: words that are being said, and an event now and then. */
  const stepSession = (): void => {
    const data = { item_id: `live${Math.floor(tick / 8)}`, delta: `${words[tick % words.length]} ` };
    sample('ses_long', 'message:delta', data);
    if (tick % 8 === 7)
      tellSession(
        happen(sessions, 'ses_long', 'message:assistant', { text: words.join(' '), item_id: data.item_id }),
      );
  };
  let tick = 0;
  const step = (): void => {
    tick += 1;
    if (sessions.sessions.length > 0) stepSession();
    const now = Date.now();
    const beats = world.services
      .filter((_, i) => (i + tick) % 5 === 0)
      .map((service) => {
        const latency =
          service.p50_ms === null || service.state === 'DOWN'
            ? null
            : service.p50_ms * world.random.between(0.8, 1.5);
        const beat = { ts: now, state: service.state, latency_ms: latency };
        service.beats = [...service.beats, beat].slice(-90);
        return { service: service.name, ts: now, state: service.state, latency_ms: latency };
      });
    volatile('fleet:beats', { beats });
    if (tick % 3 === 0 && world.live.length > 0) {
      const ended = world.live.pop();
      world.live.unshift({ ...makeLive(world.random, 100 + tick, now), started_at: now });
      const turn = {
        ...makeTurn(world.random, 1000 + tick, ended?.started_at ?? now),
        latency_ms: now - (ended?.started_at ?? now),
      };
      world.turns.unshift(turn);
      emit(world.append('turn.settled', turn.id, { turn }));
    }
    for (const turn of world.live)
      if (turn.phase === 'streaming') turn.output_chars += world.random.int(20, 200);
    volatile('gateway:live', { snapshot: makeSnapshot(world.live, world.startedAt, 48_210 + tick) });
  };
  const timer = options.live === false ? undefined : setInterval(step, 1000);

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    world,
    faults,
    delays,
    sessions,
    sampleIn: sample,
    /** Appends to a session's log and sends it to those who follow. */
    happenIn: (id: string, type: string, data: Record<string, unknown>): void =>
      tellSession(happen(sessions, id, type, data)),
    /** Appends an event and sends it, as a change on the server would. */
    happen: (...event: Parameters<typeof world.append>): void => emit(world.append(...event)),
    async stop(): Promise<void> {
      clearInterval(timer);
      await io.close();
      server.closeAllConnections();
    },
  };
}

if (import.meta.main) {
  const [services = '12', port = '8765'] = process.argv.slice(2);
  const { url } = await startStandIn({ services: Number(services), port: Number(port) });
  console.log(`${url}/sign-in#code=good`);
}
