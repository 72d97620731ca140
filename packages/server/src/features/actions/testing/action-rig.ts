import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WatchdogConfig, type ActionRun, type VigilesEvent } from '@vigiles/contract';
import { systemClock, type Clock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../../platform/event-log/index.ts';
import { createStore, type Migrations } from '../../../platform/store/index.ts';
import {
  createActions,
  migrations,
  type ActionDefinition,
  type ActionFaces,
  type ActionRequest,
} from '../index.ts';

export interface ActionRigOptions {
  watchdog?: object;
  faces?: Partial<ActionFaces>;
  more?: readonly ActionDefinition[];
  clock?: Clock;
  /** Tables besides its own. */
  migrations?: Migrations;
  /** Given: it is left there. */
  home?: string;
}

type Ask = Partial<ActionRequest> & Pick<ActionRequest, 'action' | 'target'>;

/** The real store, event log and runner; what lies outside is handed in. */
export async function openActionRig(options: ActionRigOptions = {}) {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'vigiles-actions-'));
  const { clock = systemClock } = options;
  const store = await createStore({
    home,
    migrations: { ...eventLogMigrations, ...migrations, ...options.migrations },
    log: silentLog,
  });
  const events = createEventLog({ store, log: silentLog, validate: true, clock });
  await events.start();
  const seen: VigilesEvent[] = [];
  events.subscribe((event) => seen.push(event));
  const config = WatchdogConfig.parse({ veto_s: 0, stable_s: 0, ...options.watchdog });
  const actions = createActions({
    store,
    events,
    log: silentLog,
    clock,
    config,
    more: options.more ?? [],
    faces: {
      home,
      userHome: home,
      codexHome: join(home, '.codex'),
      searchPath: '/usr/bin:/bin',
      ...options.faces,
    },
  });
  await actions.start();
  const ask = (request: Ask) => actions.request({ actor: 'watchdog', reason: 'test', ...request });
  return {
    home,
    store,
    events,
    actions,
    seen,
    ask,
    /** Runs it to its end; throws what it was refused with. */
    async run(request: Ask): Promise<ActionRun> {
      const asked = await ask(request);
      if (!asked.ok) throw new Error(asked.fault.message);
      return asked.value.done;
    },
    async plan(request: Ask) {
      const planned = await actions.plan({ actor: 'device:test', reason: '', ...request });
      if (!planned.ok) throw new Error(planned.fault.message);
      return planned.value;
    },
    async close(): Promise<void> {
      await actions.stop();
      await events.stop();
      await store.close();
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

export type ActionRig = Awaited<ReturnType<typeof openActionRig>>;
