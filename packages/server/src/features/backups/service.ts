import { Cron } from 'croner';
import type {
  ActionRun,
  BackupFile,
  BackupList,
  BackupRecord,
  BackupTarget,
  BackupTargetConfig,
  VigilesConfig,
} from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import { fault, raise, type Fault, type Result } from '../../kernel/fault.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import { createWaker } from '../../kernel/waker.ts';
import type { Egress } from '../../platform/egress/index.ts';
import type { Presence } from '../../platform/presence/index.ts';
import type { Store } from '../../platform/store/index.ts';
import type { ActionRequest, BackupTargets, Requested } from '../actions/index.ts';
import { nameOf } from './core/name.ts';
import { makeBackup, sweepCopies } from './make.ts';
import { createBackupStore } from './store.ts';
import { openTarget } from './target.ts';

/** Where failures become known. Resolves when the next may be told. */
export interface BackupTroubles {
  failed(target: string, reason: string): Promise<void>;
  /** A good one was made. */
  over(target: string): Promise<void>;
}

export interface BackupsDeps {
  home: string;
  store: Store;
  presence: Presence;
  troubles: BackupTroubles;
  egress: Pick<Egress, 'fetch'>;
  clock: Clock;
  newId: NewId;
  log: Log;
  config(): VigilesConfig['backups'];
  resolve(text: string): string;
  request(request: ActionRequest): Promise<Result<Requested>>;
  cancel(runId: string, actor: string): Promise<unknown>;
}

const recordsShown = 50;
const retryMs = 60_000;
const busyMs = 1000;

const isBusy = ({ code, details }: Fault): boolean =>
  code === 'action_busy' || (code === 'action_refused' && details?.['guard'] === 'lock');

/** Encrypted copies of the store to places elsewhere: on a schedule, or when a person asks. Each is a run of the action runner. */
export function createBackups(deps: BackupsDeps) {
  const { home, store, presence, troubles, egress, clock, newId, log, config, resolve, request } = deps;
  const records = createBackupStore(store, presence.id);
  const startedAt = clock.now();
  /** The run that the schedule has under way. */
  let runId: string | null = null;
  const tried = new Map<string, number>();
  /** Times of the schedule that are ours and were not asked for yet, by target. */
  const ours = new Map<string, number>();
  /** Places whose backup the end of a control cut off: it is made again. */
  const again = new Set<string>();
  /** How backups ended that the store was not told yet, by record. */
  const ends = new Map<string, Partial<BackupRecord>>();

  const find = (name: string): BackupTargetConfig | null =>
    config().targets.find((target) => target.name === name) ?? null;
  const opened = (target: BackupTargetConfig) => openTarget(target, { egress, now: clock.now }, resolve);
  const messageOf = (thrown: unknown): string =>
    thrown instanceof Error ? thrown.message : 'it failed for an unknown reason';

  function problemOf(target: BackupTargetConfig): string | null {
    try {
      opened(target);
      return cronOf(target) ? null : `“${target.schedule}” is no schedule`;
    } catch (thrown) {
      return messageOf(thrown);
    }
  }

  function cronOf({ schedule, timezone }: BackupTargetConfig): Cron | null {
    try {
      return new Cron(schedule, { timezone, paused: true });
    } catch {
      return null;
    }
  }

  /** When it is due next after what was made or tried last; one that was missed is due now. */
  async function dueAt(target: BackupTargetConfig): Promise<number | null> {
    const cron = cronOf(target);
    if (!cron || !target.enabled) return null;
    const last = await records.last(target.name);
    const since = Math.max(last?.started_at ?? startedAt, tried.get(target.name) ?? 0);
    return cron.nextRun(new Date(since))?.getTime() ?? null;
  }

  async function end(id: string, change: Partial<BackupRecord>): Promise<void> {
    ends.set(id, change);
    await records.end(id, change);
    ends.delete(id);
  }

  async function work(): Promise<number | null> {
    for (const [id, change] of ends) await end(id, change);
    let next = retryMs;
    for (const target of config().targets) {
      if (waker.stopped()) return null;
      const cut = target.enabled && again.has(target.name);
      const at = cut ? 0 : await dueAt(target);
      if (at === null) continue;
      const now = clock.now();
      if (at > now) {
        next = Math.min(next, at - now);
        continue;
      }
      // Every control of a database sees the same time come; one makes the backup.
      if (!cut && ours.get(target.name) !== at && !(await records.claim(target.name, at))) {
        tried.set(target.name, now);
        continue;
      }
      if (!cut) ours.set(target.name, at);
      const asked = await request({
        action: 'back_up',
        target: `backup:${target.name}`,
        actor: 'backups',
        reason: cut ? 'Vigiles was stopped while one was made' : `its schedule: ${target.schedule}`,
      });
      // One is under way already: what is due follows it.
      if (!asked.ok && isBusy(asked.fault)) {
        next = Math.min(next, busyMs);
        continue;
      }
      again.delete(target.name);
      tried.set(target.name, now);
      ours.delete(target.name);
      if (!asked.ok) {
        const message = asked.fault.message;
        const times = { started_at: now, finished_at: now };
        await records.begin({ ...blank, ...times, id: newId('bak'), target: target.name, message });
        await troubles.failed(target.name, message);
        continue;
      }
      runId = asked.value.run.id;
      // Vigiles was stopped while it was asked for.
      if (waker.stopped()) await deps.cancel(runId, 'the shutdown of Vigiles');
      await asked.value.done;
      runId = null;
    }
    return next;
  }

  const waker = createWaker({
    work,
    onFailure: (thrown) =>
      log.warn({ err: thrown }, 'Backups that are due could not be looked for; trying again'),
  });

  function unwritten(thrown: unknown): void {
    log.warn({ err: thrown }, 'How a backup ended could not be written down; soon again');
    waker.wake();
  }

  /** What the end of a control cut off is no fault of the place: made again, once. */
  async function takeUp(): Promise<void> {
    const cut = await records.abandon(await presence.gone(), clock.now());
    for (const record of cut) {
      if (records.wasCutOff(await records.before(record)))
        await troubles.failed(record.target, record.message);
      else again.add(record.target);
    }
    if (cut.length > 0) waker.wake();
  }

  const targets: BackupTargets = {
    async look(name) {
      const target = find(name);
      if (!target) return null;
      const refusal = target.enabled ? problemOf(target) : 'it is switched off';
      return { what: refusal === null ? opened(target).place.where : target.name, refusal };
    },
    async make(name, { signal, note }, run) {
      const target = find(name) ?? raise(unknown(name));
      const now = clock.now();
      const id = newId('bak');
      const file = nameOf(now, id);
      await records.begin({
        ...blank,
        id,
        target: name,
        file,
        state: 'running',
        started_at: now,
      });
      run.set('record', id);
      let made;
      try {
        const { place, lock } = opened(target);
        made = await makeBackup({
          store,
          home,
          name: file,
          place,
          lock,
          keep: target.keep,
          signal,
          note,
        });
      } catch (thrown) {
        // Cut off by the end of control it stands as under way, as after a crash: the next control makes it again.
        if (signal.aborted && waker.stopped()) throw thrown;
        const message = messageOf(thrown);
        await end(id, { state: 'failed', finished_at: clock.now(), message }).catch(unwritten);
        await troubles.failed(name, message);
        throw thrown;
      }
      const { bytes, sha256, removed } = made;
      const message = removed.length === 0 ? '' : `${removed.length} older deleted`;
      await end(id, { state: 'done', bytes, sha256, finished_at: clock.now(), message }).catch(unwritten);
      await troubles.over(name);
    },
    async seen(run) {
      const id = run.get('record');
      const kept = typeof id === 'string' ? await records.find(id) : undefined;
      const record = kept && { ...kept, ...ends.get(kept.id) };
      return record === undefined ? 'unknown' : record.state === 'done' ? 'fixed' : 'not_fixed';
    },
  };

  async function shown(target: BackupTargetConfig): Promise<BackupTarget> {
    const [last, done, next] = await Promise.all([
      records.last(target.name),
      records.last(target.name, 'done'),
      dueAt(target),
    ]);
    const problem = problemOf(target);
    return {
      name: target.name,
      type: target.type,
      place: problem === null ? opened(target).place.where : '',
      enabled: target.enabled,
      schedule: target.schedule,
      keep: target.keep,
      problem,
      next_at: next,
      last: last ?? null,
      last_done_at: done?.finished_at ?? null,
    };
  }

  return {
    targets,
    list: async (): Promise<BackupList> => ({
      targets: await Promise.all(config().targets.map(shown)),
      records: await records.list(recordsShown),
    }),
    async files(name: string, signal: AbortSignal): Promise<BackupFile[]> {
      const target = find(name) ?? raise(unknown(name));
      try {
        const files = await opened(target).place.list(signal);
        return files.toSorted((a, b) => b.created_at - a.created_at).slice(0, 1000);
      } catch (thrown) {
        return raise(fault('upstream', 'backup_place_unreachable', `${messageOf(thrown)}.`));
      }
    },
    /** A person wants one now. */
    async run(name: string, actor: string): Promise<ActionRun> {
      if (!find(name)) raise(unknown(name));
      const asked = await request({
        action: 'back_up',
        target: `backup:${name}`,
        actor,
        reason: 'asked for by a person',
      });
      return asked.ok ? asked.value.run : raise(asked.fault);
    },
    component: {
      name: 'backups',
      async start() {
        await sweepCopies(home);
        await takeUp();
        presence.each(takeUp);
        // A story of before the restart goes on for as long as no good one was made.
        for (const { name, enabled } of config().targets) {
          const last = enabled && !again.has(name) ? await records.last(name) : undefined;
          if (last?.state === 'failed') await troubles.failed(name, last.message);
        }
        waker.wake();
      },
      async stop() {
        const ended = waker.stop();
        if (runId !== null) await deps.cancel(runId, 'the shutdown of Vigiles');
        await ended;
      },
    },
    changed: () => waker.wake(),
  };
}

const blank = {
  file: null,
  state: 'failed',
  bytes: null,
  sha256: null,
  finished_at: null,
  message: '',
} as const;

const unknown = (name: string) =>
  fault('not-found', 'backup_target_unknown', `backups.targets has no “${name}”.`);

export type Backups = ReturnType<typeof createBackups>;
