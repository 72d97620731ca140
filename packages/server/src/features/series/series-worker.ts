import { parentPort, workerData } from 'node:worker_threads';
import { toFault } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';
import type { Batch } from './core/batch.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import { openSqliteStorage } from './storage/sqlite-storage.ts';
import type { SeriesStorage } from './storage/storage.ts';
import type { AskKind, Asks, FromSeriesWorker, SeriesWorkerData, ToSeriesWorker } from './worker-messages.ts';

/** Runs in a worker thread: whatever the disk takes its time for, control goes on. */
const { place, rules } = workerData as SeriesWorkerData;
const compactEveryMs = 20_000;

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
const say = (message: FromSeriesWorker): void => parentPort?.postMessage(message);

/** Lines cross threads as plain fields. */
const told =
  (level: 'info' | 'warn' | 'error') =>
  (fields: object, message: string): void => {
    const { err, ...rest } = fields as { err?: unknown };
    const problem = err === undefined ? {} : { problem: toFault(err).message };
    say({ type: 'log', level, fields: { ...rest, ...problem }, message });
  };
const log: Log = {
  debug: () => undefined,
  info: told('info'),
  warn: told('warn'),
  error: told('error'),
  child: () => log,
};

async function openStorage(): Promise<SeriesStorage> {
  if (place.url === undefined) return openSqliteStorage(place.folder, log);
  const { openPostgresStorage } = await import('./storage/postgres-storage.ts');
  return openPostgresStorage(place.url);
}

let closing = false;
const storage = await openStorage();
const engine: Engine = createEngine({ storage, log, now: Date.now, rules });
await engine.start(() => closing);

type Taking = Extract<ToSeriesWorker, { type: 'samples' }>;

/** Ids of the sender → ours. */
const ids = new Map<number, number>();
/** Series that could not be made yet: the disk was full, the database away. */
let unmade: Taking['added'] = [];

async function take({ batch, added }: Taking): Promise<void> {
  unmade = [...unmade, ...added];
  if (unmade.length > 0) {
    const made = await engine.ensure(unmade);
    for (const [at, { local }] of unmade.entries()) ids.set(local, made[at] ?? 0);
    unmade = [];
  }
  const own: Batch = { ...batch, ids: batch.ids.map((local) => ids.get(local) ?? 0) };
  await engine.take(own);
}

const answers: { [Kind in AskKind]: (question: Asks[Kind][0]) => Promise<Asks[Kind][1]> | Asks[Kind][1] } = {
  query: (question) => engine.query(question),
  samples: ({ name, target, from, to, limit }) => engine.samples(name, target, from, to, limit),
  recent: ({ name, targets, limit }) => engine.recent(name, targets, limit),
  sparklines: ({ name, targets, minutes }) => engine.sparklines(name, targets, minutes),
  uptimes: ({ name }) => engine.uptimes(name),
  series: () => engine.series(),
  stats: () => engine.stats(),
  settled: async () => {
    await writing;
    return null;
  },
  compact: async () => {
    await writing;
    await engine.compact();
    return null;
  },
};

async function answer({ id, kind, question }: Extract<ToSeriesWorker, { type: 'ask' }>): Promise<void> {
  try {
    say({ type: 'answer', id, answer: await answers[kind](question as never) });
  } catch (thrown) {
    const { code, message } = toFault(thrown);
    say({ type: 'failure', id, code, message });
  }
}

/** Batches are taken in the order in which they came. */
let writing: Promise<void> = Promise.resolve();

function write(message: Taking): void {
  const count = message.batch.ids.length;
  writing = writing
    .then(() => take(message))
    .then(
      () => say({ type: 'taken', count, stored: true }),
      (thrown: unknown) => {
        log.warn({ err: thrown, samples: count }, 'Samples could not be written into the journal');
        say({ type: 'taken', count, stored: false });
      },
    );
}

const compacting = setInterval(() => {
  void engine
    .compact()
    .catch((thrown: unknown) =>
      log.warn({ err: thrown }, 'Hours could not be written as blocks; later again'),
    );
}, compactEveryMs);

parentPort?.on('message', (message: ToSeriesWorker) => {
  if (message.type === 'samples') write(message);
  else if (message.type === 'ask') void answer(message);
  else if (message.type === 'rules') engine.follow(message.rules);
  else {
    closing = true;
    clearInterval(compacting);
    void writing
      .then(() => engine.close())
      .catch((thrown: unknown) => log.warn({ err: thrown }, 'History was not closed cleanly'))
      .then(() => say({ type: 'closed' }));
  }
});
say({ type: 'started' });
