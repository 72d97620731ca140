import { io } from 'socket.io-client';
import { attach } from '../packages/sdk/src/index.ts';
import type { ServerReady } from './session-server.ts';
import { summarise, type Summary } from './statistics.ts';

/** A command's way to its orchestrator, and a resume; both in a process of their own. */
export interface RoundTripsJob extends ServerReady {
  /** That count, at least. */
  commands: number;
  /** Those given in this time do not count: code that has just been loaded is compiled meanwhile. */
  warmMs: number;
  events: number;
}
export interface RoundTrips {
  /** Command sent → handler called, ms: acceptance and delivery. */
  delivery: Summary;
  /** Subscribed → the last of `events` is there, ms. */
  resumeMs: number;
}

const now = () => Number(process.hrtime.bigint()) / 1e6;

/** One connection may give 120 commands in a minute: every hundred are an operator's of their own. */
const perOperator = 100;
/** Of each operator's commands the first do not count. */
const warm = 10;

async function deliveries({ url, token, commands, warmMs }: RoundTripsJob): Promise<Summary> {
  const session = await attach({ url, token, sessionId: 'bench-commands' });
  const times: number[] = [];
  const counted = now() + warmMs;
  while (times.length < commands) {
    const own = await giveCommands({ url, token }, session);
    times.push(...own.flatMap(({ sent, ms }) => (sent < counted ? [] : [ms])));
  }
  await session.close();
  return summarise(times);
}

async function giveCommands(
  { url, token }: Pick<RoundTripsJob, 'url' | 'token'>,
  session: Awaited<ReturnType<typeof attach>>,
): Promise<{ sent: number; ms: number }[]> {
  const session_id = 'bench-commands';
  const operator = io(url, { auth: { token }, transports: ['websocket'], forceNew: true });
  await new Promise<void>((resolve) => operator.once('connected', () => resolve()));
  await operator.emitWithAck('subscribe', { session_id });
  let called = Promise.withResolvers<number>();
  let applied = Promise.withResolvers<void>();
  operator.on('command:update', ({ data }: { data: { state: string } }) => {
    if (data.state === 'applied') applied.resolve();
  });
  session.onCommand('REDIRECT', () => {
    called.resolve(now());
    return { seen: true };
  });
  const times: { sent: number; ms: number }[] = [];
  for (let i = 0; i < perOperator; i += 1) {
    called = Promise.withResolvers();
    applied = Promise.withResolvers();
    const sent = now();
    const message = { type: 'REDIRECT', session_id, target_path: `/${i}` };
    const result = (await operator.emitWithAck('command', message)) as { success: boolean; error?: string };
    if (!result.success) throw new Error(result.error ?? 'refused');
    times.push({ sent, ms: (await called.promise) - sent });
    await applied.promise;
  }
  operator.disconnect();
  return times.slice(warm);
}

async function resume({ url, token, events }: RoundTripsJob): Promise<number> {
  const session = await attach({ url, token, sessionId: 'bench-resume', maxEvents: events + 1 });
  for (let i = 0; i < events; i += 1) session.emit('skill:progress', { i, text: 'x'.repeat(120) });
  await session.flush();
  await session.close();
  const socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true });
  await new Promise<void>((resolve) => socket.once('connected', () => resolve()));
  const started = now();
  let seen = 0;
  const ended = await new Promise<number>((resolve) => {
    socket.on('skill:progress', () => {
      seen += 1;
      if (seen === events) resolve(now());
    });
    socket.emit('subscribe', { session_id: 'bench-resume', last_seq: 0, full: true });
  });
  socket.disconnect();
  return ended - started;
}

async function run(job: RoundTripsJob): Promise<void> {
  const delivery = await deliveries(job);
  const resumeMs = await resume(job);
  process.send?.({ delivery, resumeMs } satisfies RoundTrips);
}

process.on('message', (job: RoundTripsJob) => void run(job));
process.send?.({ ready: true });
