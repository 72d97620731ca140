import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { PluginDeclaration, PluginManifest, PluginPermissions } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Egress } from '../../../platform/egress/index.ts';
import { killTree, readProcess, type ProcessIdentity } from '../../../platform/process/index.ts';
import { createCallBook, type CallFailure } from './call-book.ts';
import { judgeDeclaration } from './core/declared.ts';
import { createFetcher } from './fetch-for-plugin.ts';
import { openLineLink } from './line-link.ts';
import { readOutput } from './output.ts';
import { spawnPlugin } from './spawn-plugin.ts';
import type { StartParams } from './child/messages.ts';

/** How much time and memory a plugin gets. Milliseconds and bytes. */
export interface PluginLimits {
  startMs: number;
  /** Every so often it is asked whether it still answers … */
  beatMs: number;
  /** … and has so long to say so, also after a call whose time is over. */
  graceMs: number;
  memoryBytes: number;
  /** Of one message. */
  lineBytes: number;
  callsAtOnce: number;
  fetchesAtOnce: number;
}

export const usualLimits: PluginLimits = {
  startMs: 15_000,
  beatMs: 10_000,
  graceMs: 5000,
  memoryBytes: 256 << 20,
  lineBytes: 4 << 20,
  callsAtOnce: 16,
  fetchesAtOnce: 8,
};

export interface ProcessPlan {
  /** Program and arguments, the child's entry last. */
  command: readonly string[];
  env: Readonly<Record<string, string>>;
  folder: string;
  dataFolder: string;
  manifest: Pick<PluginManifest, 'main' | 'provides'>;
  granted: PluginPermissions;
  limits: PluginLimits;
  egress: Pick<Egress, 'fetch'>;
  clock: Clock;
}

export interface CallOptions {
  signal: AbortSignal;
  timeoutMs: number;
  note?: (text: string) => void;
}

/** How long its last words are waited for once it has ended. */
const lastWordsMs = 500;

/** A plugin's process. It is made once and ends once. */
export interface PluginProcessHandle {
  identity: ProcessIdentity | null;
  /** What it brings; rejects with why it does not start. */
  ready: Promise<PluginDeclaration>;
  /** Rejects with a `CallFailure`. */
  call(method: string, params: Record<string, unknown>, options: CallOptions): Promise<unknown>;
  /** Resolves once with why it is over; never rejects. */
  ended: Promise<string>;
  /** Ends it with everything it started. */
  end(why: string): Promise<void>;
  memoryBytes(): number | null;
  output(): string[];
}

/** Whatever a plugin does or does not do, this ends within its limits and nothing of it reaches further. */
export function startPluginProcess(plan: ProcessPlan): PluginProcessHandle | string {
  const { limits, clock } = plan;
  const spawned = spawnPlugin(plan.command, plan.folder, plan.env);
  if (typeof spawned === 'string') return spawned;
  const { identity } = spawned;
  const stdout = readOutput(spawned.stdout, clock.now);
  const stderr = readOutput(spawned.stderr, clock.now);
  const over = Promise.withResolvers<string>();
  let why: string | null = null;
  let memory: number | null = null;

  async function end(reason: string): Promise<void> {
    why ??= reason;
    link.close();
    calls.failAll(why);
    if (identity) await killTree(identity, { termTimeoutMs: 0 });
  }
  const endSoon = (reason: string): void => void end(reason);

  const fetcher = createFetcher({
    egress: plan.egress,
    hosts: plan.granted.network,
    atOnce: limits.fetchesAtOnce,
    signalOf: (call) => calls.signalOf(call),
  });
  const link = openLineLink(spawned.line, limits.lineBytes, {
    broken: endSoon,
    message(message) {
      if (!('method' in message)) return calls.answered(message);
      if (message.method === 'note') return calls.noted(message.params.call, message.params.text);
      return void fetcher
        .fetch(message.params)
        .then((answer) => link.send({ jsonrpc: '2.0', id: message.id, ...answer }));
    },
  });
  const calls = createCallBook({
    atOnce: limits.callsAtOnce,
    send: (message) => link.send(message),
    late: () => void stillThere('it did not answer in time, and hangs'),
  });

  const isOverWithin = (ms: number): Promise<boolean> =>
    Promise.race([spawned.exited.then(() => true), delay(ms, false, { ref: false })]);

  let asking = false;
  /** Asks for a sign of life; a process that gives none is ended. */
  async function stillThere(reason: string): Promise<void> {
    if (asking || why !== null) return;
    asking = true;
    try {
      await calls.call('ping', {}, { signal: new AbortController().signal, timeoutMs: limits.graceMs }, true);
    } catch (thrown) {
      const { kind } = thrown as CallFailure;
      if (kind !== 'late' && kind !== 'busy') return;
      // It is ending, and says itself why. One that only closed its line is ended all the same.
      if (!link.isOpen() && (await isOverWithin(limits.graceMs))) return;
      await end(reason);
    } finally {
      asking = false;
    }
  }

  const beat = setInterval(
    () => void stillThere('it hangs: it gives no sign of life'),
    limits.beatMs,
  ).unref();
  const weigh = setInterval(() => {
    memory = identity ? (readProcess(identity.pid)?.rssBytes ?? memory) : null;
    if (memory !== null && memory > limits.memoryBytes)
      endSoon(`it took more than ${Math.round(limits.memoryBytes / 1_048_576)} MB of memory`);
  }, 1000).unref();

  void spawned.exited.then(async (how) => {
    clearInterval(beat);
    clearInterval(weigh);
    // What it said last is still in the pipe, which what it has started may hold open.
    await Promise.race([
      Promise.all([stdout.ended, stderr.ended]),
      delay(lastWordsMs, undefined, { ref: false }),
    ]);
    const reason = why ?? [how, lastWords(stderr.tail())].filter(Boolean).join(': ');
    why = reason;
    calls.failAll(reason);
    link.close();
    spawned.stdout.destroy();
    spawned.stderr.destroy();
    // What it has started may live on.
    if (identity) await killTree(identity, { termTimeoutMs: 0 });
    over.resolve(reason);
  });

  const params: StartParams = {
    main: pathToFileURL(join(plan.folder, plan.manifest.main)).href,
    dataFolder: plan.dataFolder,
    processes: plan.granted.processes,
  };
  const starting = calls
    .call('start', { ...params }, { signal: new AbortController().signal, timeoutMs: limits.startMs })
    .then((said) => {
      const judged = judgeDeclaration(said, plan.manifest.provides, plan.granted);
      if (!judged.ok) throw new RefusedPlugin(judged.problem);
      return judged.declaration;
    });
  // It may be ended before anybody asks whether it is ready.
  starting.catch(() => undefined);
  return {
    identity,
    ready: starting,
    call: (method, asked, options) => calls.call(method, asked, options),
    ended: over.promise,
    end,
    memoryBytes: () => memory,
    output: () => [...stdout.tail(), ...stderr.tail()],
  };
}

/** What it says of itself does not hold: to start it again would not help. */
export class RefusedPlugin extends Error {}

/** What an uncaught error says of itself, without the source line and the trace. */
function lastWords(lines: readonly string[]): string {
  const said =
    lines.findLast((line) => /^\s*(?:[A-Za-z]*Error|FATAL ERROR)\b/.test(line)) ??
    lines.findLast((line) => line.trim() !== '');
  return (said ?? '').trim().slice(0, 300);
}
