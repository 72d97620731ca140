import { VigilesConfig, type Identity } from '@vigiles/contract';
import { systemClock } from '../../../kernel/clock.ts';
import { toFault } from '../../../kernel/fault.ts';
import { newId } from '../../../kernel/ids.ts';
import { silentLog } from '../../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../../platform/event-log/index.ts';
import { createStore } from '../../../platform/store/create-store.ts';
import { createSessions } from '../index.ts';
import { sessionMigrations } from '../migrations.ts';

/** The program that `startMortal` runs: sessions that answer over the channel to their parent, until they are killed. */
const home = process.argv[2] ?? '';
const store = await createStore({
  home,
  log: silentLog,
  migrations: { ...eventLogMigrations, ...sessionMigrations },
});
const config = VigilesConfig.parse({});
const events = createEventLog({ store, log: silentLog });
await events.start();
const sessions = createSessions({
  store,
  events,
  clock: systemClock,
  newId,
  log: silentLog,
  config: () => config,
  clean: (json) => json,
});
await sessions.start();

const operator: Identity = { kind: 'device', deviceId: 'op', name: 'op', scopes: ['operate'] };
const maker = { actor: 'device:maker', deviceId: 'maker', tenant: 'main' };

type Verbs = Record<string, (argument: never) => Promise<unknown>>;
const verbs: Verbs = {
  create: async ({ id }: { id: string }) => {
    if (!(await sessions.get(id))) await sessions.create({ session_id: id }, maker);
  },
  append: ({ id, batch }: { id: string; batch: { type: string; local_id: string }[] }) =>
    sessions.append(id, batch, { actor: 'device:maker', producer: 'maker' }),
  command: (input: { type: string }) => sessions.command(operator, input),
  lease: ({ id }: { id: string }) =>
    sessions.lease(id, { holder: 'orchestrator', deviceId: 'maker', idempotent: [], steal: true }),
  take: ({ id, epoch }: { id: string; epoch: number }) => sessions.nextCommands(id, epoch, 1_000),
  settle: (settlement: Parameters<typeof sessions.settleCommand>[0]) => sessions.settleCommand(settlement),
};

export interface Asked {
  call: number;
  verb: string;
  argument: unknown;
}

process.on('message', ({ call, verb, argument }: Asked) => {
  const answer = (message: object) => process.send?.({ call, ...message });
  const work = verbs[verb] ?? (() => Promise.reject(new Error(verb)));
  work(argument as never).then(
    (value) => answer({ value }),
    (thrown: unknown) => answer({ code: toFault(thrown).code }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });
