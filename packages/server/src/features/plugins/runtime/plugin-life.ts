import type { InstalledPlugin, PluginDeclaration, PluginPermissions, PluginProcess } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import { itemsOf } from './core/declared.ts';
import { planRestart } from './core/restart-plan.ts';
import { CallFailure } from './call-book.ts';
import { RefusedPlugin, type CallOptions, type PluginProcessHandle } from './plugin-process.ts';

export interface LifeDeps {
  plugin: InstalledPlugin;
  granted: PluginPermissions;
  /** Starts its process, or says why that must not be. */
  start(): Promise<PluginProcessHandle | { refusal: string }>;
  fence: 'kernel' | 'node';
  memoryLimitBytes: number;
  clock: Clock;
  /** A text without the secrets it was handed: its last words may hold them. */
  clean(text: string): string;
  /** Anything people see is another now. */
  changed(): void;
  /** It says what it brings: the first time, and when a restart says something else. */
  declared(declaration: PluginDeclaration): void;
}

/** One plugin from its start to its end, through as many processes as that takes. */
export function createPluginLife(deps: LifeDeps) {
  const { plugin, clock } = deps;
  let state: PluginProcess['state'] = 'starting';
  let reason = '';
  let since = clock.now();
  let process: PluginProcessHandle | null = null;
  let declaration: PluginDeclaration | null = null;
  let nextStartAt: number | null = null;
  let timer: NodeJS.Timeout | null = null;
  let starts = 0;
  let output: string[] = [];
  const crashes: number[] = [];
  let crashed = 0;
  const calls = { all: 0, failed: 0 };
  let stopped = false;
  /** Starts under way, the ones that were overtaken too. */
  let starting: Promise<unknown> = Promise.resolve();
  const isStopped = () => stopped;

  function move(next: PluginProcess['state'], said: string): void {
    const why = deps.clean(said);
    if (state === next && reason === why) return;
    state = next;
    reason = why;
    since = clock.now();
    deps.changed();
  }

  /** Providers and formats are data: who brings nothing else needs no process. */
  const onlyData = (said: PluginDeclaration): boolean =>
    itemsOf(said).every(({ kind }) => kind === 'provider' || kind === 'tool_call_format');

  async function start(): Promise<void> {
    nextStartAt = null;
    move('starting', '');
    starts += 1;
    const turn = starts;
    const made = await deps.start();
    // A person had it started again meanwhile: there is one process of it, the last.
    const overtaken = turn !== starts;
    if ('refusal' in made) return overtaken || isStopped() ? undefined : move('refused', made.refusal);
    if (overtaken || isStopped()) return made.end('it was stopped');
    process = made;
    try {
      const said = await made.ready;
      if (process !== made) return undefined;
      if (JSON.stringify(said) !== JSON.stringify(declaration)) {
        declaration = said;
        deps.declared(said);
      }
      if (onlyData(said)) {
        process = null;
        await made.end('it brings data only');
        return move('running', 'it brings data only, and needs no process');
      }
      move('running', '');
      void made.ended.then((why) => lost(made, why));
      return undefined;
    } catch (thrown) {
      return failedStart(made, thrown);
    }
  }

  async function failedStart(made: PluginProcessHandle, thrown: unknown): Promise<void> {
    if (process !== made) return made.end('it was stopped');
    const said = thrown instanceof CallFailure && thrown.kind === 'said';
    if (thrown instanceof RefusedPlugin || said) {
      process = null;
      output = made.output();
      await made.end(thrown.message);
      return move('refused', thrown.message);
    }
    if (!(thrown instanceof CallFailure && thrown.kind === 'gone'))
      await made.end(thrown instanceof Error ? `it did not start: ${thrown.message}` : 'it did not start');
    return lost(made, await made.ended);
  }

  function lost(made: PluginProcessHandle, why: string): void {
    if (process !== made) return;
    process = null;
    output = made.output();
    if (isStopped()) return;
    const now = clock.now();
    crashed += 1;
    crashes.push(now);
    if (crashes.length > 20) crashes.shift();
    const plan = planRestart(crashes, now);
    if (!plan.again) return move('crashed', `${why}; ${plan.reason}`);
    nextStartAt = now + plan.inMs;
    timer = setTimeout(again, plan.inMs).unref();
    move('crashed', why);
  }

  /** What goes wrong here goes wrong inside Vigiles: it is shown, and nothing hangs on it. */
  const again = (): void => {
    const started = start().catch((thrown: unknown) =>
      move('refused', `it cannot be started: ${thrown instanceof Error ? thrown.message : String(thrown)}`),
    );
    starting = Promise.all([starting, started]);
  };

  async function stop(): Promise<void> {
    stopped = true;
    if (timer) clearTimeout(timer);
    nextStartAt = null;
    const last = process;
    process = null;
    await last?.end('it was stopped');
    await starting;
    move('stopped', 'it was stopped');
  }

  const kinds = { check: 'checks', action: 'actions', channel: 'channels' } as const;

  return {
    plugin,
    granted: deps.granted,
    begin: again,
    stop,
    declaration: () => declaration,
    /** Why it cannot be called now; null: it can. */
    away: (): string | null =>
      process && state === 'running'
        ? null
        : `the plugin ${plugin.id} is ${state}${reason === '' ? '' : `: ${reason}`}`,
    async call(method: string, params: Record<string, unknown>, options: CallOptions): Promise<unknown> {
      if (!process || state !== 'running')
        throw new CallFailure(
          'gone',
          `the plugin ${plugin.id} is ${state}${reason === '' ? '' : `: ${reason}`}`,
        );
      calls.all += 1;
      try {
        return await process.call(method, params, options);
      } catch (thrown) {
        calls.failed += 1;
        throw thrown;
      }
    },
    /** A person wants it started again: what it crashed before is forgotten. */
    async restart(): Promise<void> {
      if (timer) clearTimeout(timer);
      crashes.length = 0;
      const last = process;
      process = null;
      await last?.end('somebody started it again');
      if (!isStopped()) again();
    },
    identity: () => process?.identity ?? null,
    output: (): string[] => (process?.output() ?? output).map(deps.clean),
    view(): PluginProcess {
      const items = declaration ? itemsOf(declaration) : plugin.manifest.provides;
      return {
        id: plugin.id,
        version: plugin.version,
        state,
        reason,
        pid: process?.identity?.pid ?? null,
        since,
        next_start_at: nextStartAt,
        starts,
        crashes: crashed,
        network_fence: process ? deps.fence : null,
        memory_bytes: process?.memoryBytes() ?? null,
        memory_limit_bytes: deps.memoryLimitBytes,
        calls: calls.all,
        failed_calls: calls.failed,
        provides: items.map(({ kind, name }) => {
          const table = kind in kinds ? declaration?.[kinds[kind as keyof typeof kinds]] : undefined;
          const title = table?.[name]?.title ?? declaration?.providers[name]?.name ?? name;
          return { kind, name, title, options: table?.[name] ? { ...table[name].options } : null };
        }),
      };
    },
  };
}

export type PluginLife = ReturnType<typeof createPluginLife>;
