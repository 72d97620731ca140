import type { Log } from '../../kernel/log.ts';
import { createWaker } from '../../kernel/waker.ts';
import type { ActionDefinition } from './define-action.ts';
import type { RunChange, StoredRun } from './store.ts';

export interface TakeUpDeps {
  definitions: ReadonlyMap<string, ActionDefinition>;
  /** Whether what a run is about is still there. */
  isThere(target: string): boolean;
  /** Whether an action is changing the same thing now. */
  isLocked(definition: ActionDefinition, target: string): boolean;
  resume(stored: StoredRun, definition: ActionDefinition): Promise<void>;
  commit(change: RunChange): Promise<unknown>;
  now(): number;
  /** How long a plugin may take to say which actions it brings. Milliseconds. */
  pluginWaitMs: number;
  log: Log;
}

interface Left {
  stored: StoredRun;
  /** Why nobody can take it up; null: somebody may. */
  abandon: string | null;
}

/** Actions of plugins are named `plugin/action`: they come when the plugin's process is up, later than the built-in ones. */
const isOfPlugin = (action: string): boolean => action.includes('/');

/** The end of a run nobody can take up. What waited was never begun; of what ran nobody can say how it went. */
function abandoned({ run, ...rest }: StoredRun, now: number, why: string): RunChange {
  const begun = run.started_at !== null;
  const outcome = begun ? ('unknown' as const) : ('cancelled' as const);
  const message = begun
    ? `Vigiles was restarted while this ran, and ${why}: how it went cannot be told`
    : `not begun: Vigiles was restarted, and ${why}`;
  const finished = {
    ...run,
    state: 'finished' as const,
    outcome,
    message,
    finished_at: now,
    veto_until: null,
    approval_until: null,
    stable_until: null,
  };
  return {
    stored: { ...rest, run: finished },
    event: 'action.finished',
    audit: {
      actor: 'watchdog',
      verb: 'action.abandoned',
      target: run.target,
      data: { run: run.id, action: run.action, outcome, message },
    },
  };
}

/** Takes up runs that a process left which is gone: those of plugins once their plugin says what it brings. */
export function createTakeUp(deps: TakeUpDeps) {
  const { definitions, isThere, isLocked, resume, commit, now, pluginWaitMs, log } = deps;
  const waiting = new Map<string, StoredRun>();
  /** What is to be taken up, oldest first; what the store would not take stays in it. */
  const left: Left[] = [];
  let timer: NodeJS.Timeout | null = null;

  async function take({ stored, abandon }: Left): Promise<void> {
    if (abandon !== null) return void (await commit(abandoned(stored, now(), abandon)));
    const { action, target, id } = stored.run;
    const definition = definitions.get(action);
    if (!definition && isOfPlugin(action)) {
      waiting.set(id, stored);
      timer ??= setTimeout(giveUp, pluginWaitMs).unref();
      return;
    }
    const why = definition
      ? `${target} is not watched any more`
      : `its action ${action} is not here any more`;
    if (!definition || !isThere(target)) await commit(abandoned(stored, now(), why));
    else if (isLocked(definition, target))
      await commit(abandoned(stored, now(), `something else is changing ${target} meanwhile`));
    else await resume(stored, definition);
  }

  async function takeLeft(): Promise<null> {
    for (let next = left.shift(); next; next = left.shift()) {
      try {
        await take(next);
      } catch (thrown) {
        left.unshift(next);
        throw thrown;
      }
    }
    return null;
  }
  const waker = createWaker({
    work: takeLeft,
    onFailure: (thrown) =>
      log.error({ err: thrown }, 'A run that was left could not be taken up; trying again'),
  });

  function giveUp(): void {
    timer = null;
    for (const stored of waiting.values()) {
      const abandon = `its plugin has not said within ${pluginWaitMs / 1000} s that it brings ${stored.run.action}`;
      left.push({ stored, abandon });
    }
    waiting.clear();
    waker.wake();
  }

  return {
    /** Resolves when they were taken up; where the store is away they are later, by themselves. */
    async take(runs: readonly StoredRun[]): Promise<void> {
      left.push(...runs.map((stored) => ({ stored, abandon: null })));
      await takeLeft().catch((thrown: unknown) => {
        log.error({ err: thrown }, 'A run that was left could not be taken up; trying again');
        waker.wake();
      });
    },
    /** Plugins have said what they bring: what waited for it goes on. */
    offered(): void {
      for (const [id, stored] of waiting) {
        if (!definitions.has(stored.run.action)) continue;
        waiting.delete(id);
        left.push({ stored, abandon: null });
      }
      waker.wake();
    },
    /** What still waits is left for the next process. */
    async stop(): Promise<void> {
      if (timer) clearTimeout(timer);
      timer = null;
      waiting.clear();
      left.length = 0;
      await waker.stop();
    },
  };
}
