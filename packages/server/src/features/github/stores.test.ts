import assert from 'node:assert/strict';
import { it } from 'node:test';
import { GithubConfig, type CiJob } from '@vigiles/contract';
import { systemClock } from '../../kernel/clock.ts';
import { ok } from '../../kernel/fault.ts';
import { silentLog } from '../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../platform/event-log/index.ts';
import { alone } from '../../platform/presence/index.ts';
import type { Store } from '../../platform/store/index.ts';
import { forEachStore } from '../../testing/stores.ts';
import { createCiTransaction } from './ci-transaction.ts';
import type { GithubClient } from './client/github-client.ts';
import type { RunFacts } from './core/run-facts.ts';
import { retryStore } from './heal/retry-store.ts';
import { githubMigrations } from './migrations.ts';
import { countHealed, listPatterns } from './patterns/pattern-store.ts';
import { createPoller } from './poll/poller.ts';
import { flakyStore } from './runs/flaky-store.ts';
import type { Pipeline } from './runs/pipeline.ts';
import { runStore, type KeptAttempt } from './runs/run-store.ts';
import type { GithubTables } from './tables.ts';
import { madeDelivery, madeRetry, madeRun, madeVerdict } from './testing/made.ts';
import { createInboxStore } from './webhook/inbox-store.ts';
import { createInbox } from './webhook/inbox.ts';

const migrations = { ...eventLogMigrations, ...githubMigrations };
const day = 86_400_000;
const now = 1_800_000_000_000;
const dbOf = (store: Store) => store.db<GithubTables>();

const job: CiJob = {
  id: '1',
  name: 'build',
  conclusion: 'failure',
  failed_step: { number: 2, name: 'Run npm test' },
  minutes: 1,
  url: '',
  verdict: madeVerdict({ kind: 'test' }),
  lines: [{ number: 3, text: 'expected “1”, got \u{1F4A5}' }],
  dropped: 0,
  log_error: null,
};
const attempt = (more: Partial<KeptAttempt['detail']> = {}): Omit<KeptAttempt, 'event'> => ({
  attempt: more.attempt ?? 1,
  conclusion: 'failure',
  kind: 'test',
  answer: 'notify',
  healed: false,
  detail: {
    attempt: 1,
    conclusion: 'failure',
    started_at: now,
    finished_at: now + 1000,
    minutes: 1,
    verdict: madeVerdict({ kind: 'test' }),
    jobs: [job],
    opinion: null,
    opinion_note: null,
    ...more,
  },
});
const kept = (facts = madeRun()) => ({
  facts,
  state: 'failed' as const,
  finishedAt: facts.updatedAt,
  verdict: madeVerdict(),
  action: null,
  minutes: 0,
});

forEachStore('what is kept of GitHub', (openStore, newPlace) => {
  it('takes a delivery once by its id and once by what it tells, and again where its handling failed', async () => {
    const inbox = createInboxStore(await openStore({ migrations }));
    const delivery = madeDelivery(madeRun());
    assert.equal(await inbox.accept('a', delivery, now), 'accepted');
    assert.equal(await inbox.accept('a', delivery, now), 'duplicate');
    assert.equal(await inbox.accept('another hook', delivery, now), 'duplicate');
    const twice = await Promise.all(
      [1, 2].map((n) => inbox.accept(`${n}`, madeDelivery(madeRun({ id: '2' })), now)),
    );
    assert.deepEqual(twice.toSorted(), ['accepted', 'duplicate']);
    await inbox.settle('a', 'failed', 'it could not be handled');
    assert.deepEqual(await inbox.health(), { waiting: 1, failed: 1, lastAt: now });
    assert.equal(await inbox.accept('a', delivery, now), 'again');
    const again = (await inbox.waiting(now, 10)).find(({ id }) => id === 'a');
    assert.deepEqual(again?.facts, delivery.facts);
  });

  it('keeps count of what several controls write at once', async () => {
    const place = await newPlace();
    const transactions = await Promise.all(
      [1, 2].map(async () => {
        const store = await openStore({ place, migrations });
        return createCiTransaction(store, createEventLog({ store, log: silentLog }));
      }),
    );
    await Promise.all(
      transactions.flatMap((transaction) =>
        Array.from({ length: 6 }, () =>
          transaction(({ db }) => flakyStore.flipped(db, madeRun(), attempt().detail, now)),
        ),
      ),
    );
    const [test] = await flakyStore.list(dbOf(await openStore({ place, migrations })), { limit: 5 });
    assert.deepEqual([test?.flips, test?.failures], [12, 12]);
  });

  it('asks after an attempt that failed and was never judged, whatever was decided about the one before', async () => {
    const store = await openStore({ migrations });
    const facts = madeRun({ attempt: 2 });
    const action = {
      kind: 'retry',
      state: 'failed',
      by_rule: 'r',
      reason: '',
      at: now,
      action_id: null,
    } as const;
    await runStore.save(dbOf(store), { ...kept(facts), action });
    await runStore.saveAttempt(dbOf(store), facts, { ...attempt({ attempt: 2 }), answer: null });
    const applied: string[] = [];
    const poller = createPoller({
      store,
      clock: systemClock,
      log: silentLog,
      config: () => GithubConfig.parse({ repositories: ['octo/hello'] }),
      client: {
        auth: async () => ({ kind: 'token' }),
        recentRuns: async () => ok({ runs: [facts], etag: null }),
        run: async () => ok(facts),
      } as unknown as GithubClient,
      pipeline: { apply: async ({ id }: RunFacts) => void applied.push(id) } as unknown as Pipeline,
    });
    await poller.poll();
    assert.deepEqual(applied, ['1']);
    await runStore.saveAttempt(dbOf(store), facts, { ...attempt({ attempt: 2 }), answer: 'notify' });
    await poller.poll();
    assert.deepEqual(applied, ['1']);
  });

  it('has two controls share one inbox, and each delivery is handled by one of them', async () => {
    const place = await newPlace();
    const handled: string[] = [];
    const open = async () => {
      const opened = await openStore({ place, migrations });
      const store = createInboxStore(opened);
      const presence = alone(opened.instance);
      const handle = async ({ id }: { id: string }) => {
        handled.push(id);
        await new Promise((done) => setImmediate(done));
      };
      return { store, inbox: createInbox({ store, presence, clock: systemClock, log: silentLog, handle }) };
    };
    const [one, two] = [await open(), await open()];
    const ids = Array.from({ length: 30 }, (_, n) => `d${n}`);
    for (const id of ids)
      await one.store.accept(id, madeDelivery(madeRun({ id: `${id.slice(1)}7` })), systemClock.now());
    one.inbox.wake();
    two.inbox.wake();
    const deadline = performance.now() + 30_000;
    while ((await one.store.health()).waiting > 0) {
      assert.ok(performance.now() < deadline, `handled: ${handled.length}`);
      await new Promise((done) => setTimeout(done, 10));
    }
    await Promise.all([one.inbox.stop(), two.inbox.stop()]);
    assert.deepEqual(handled.toSorted(), ids.toSorted());
  });

  it('lets one of several claim a delivery, and not before its lease is over', async () => {
    const place = await newPlace();
    const stores = [
      createInboxStore(await openStore({ place, migrations })),
      createInboxStore(await openStore({ place, migrations })),
    ];
    await stores[0]?.accept('a', madeDelivery(madeRun()), now);
    const seen = await Promise.all(stores.map(async (store) => (await store.waiting(now, 5))[0]));
    const claims = await Promise.all(
      stores.map((store, at) => store.claim(seen[at] as never, now + 1000, String(at))),
    );
    assert.equal(claims.filter(Boolean).length, 1);
    assert.deepEqual(await stores[1]?.waiting(now + 999, 5), []);
    assert.equal((await stores[1]?.waiting(now + 1000, 5))?.length, 1);
  });

  it('forgets old deliveries, but none that waits', async () => {
    const inbox = createInboxStore(await openStore({ migrations }));
    for (const [id, at, run] of [
      ['old', now - 20 * day, '10'],
      ['waits', now - 20 * day, '20'],
      ['new', now, '30'],
    ] as const)
      await inbox.accept(id, madeDelivery(madeRun({ id: run })), at);
    await inbox.settle('old', 'done', null);
    await inbox.settle('new', 'done', null);
    await inbox.prune(now - 14 * day);
    assert.equal(await inbox.accept('old', { ...madeDelivery(madeRun()), subject: null }, now), 'accepted');
    assert.equal(await inbox.accept('new', { ...madeDelivery(madeRun()), subject: null }, now), 'duplicate');
    assert.equal(
      await inbox.accept('waits', { ...madeDelivery(madeRun()), subject: null }, now),
      'duplicate',
    );
  });

  it('keeps runs, lists them by pages, and forgets old ones with their attempts and re-runs', async () => {
    const db = dbOf(await openStore({ migrations }));
    for (const [at, startedAt] of [now - 100 * day, now, now, now + 1].entries()) {
      const facts = madeRun({ id: String(at + 1), number: at, startedAt, commit: `c${at}` });
      await runStore.save(db, kept(facts));
      await runStore.saveAttempt(db, facts, attempt({ started_at: startedAt }));
      await retryStore.add(db, madeRetry({ id: `r${at}`, runId: facts.id, commit: facts.commit }));
    }
    const page = await runStore.list(db, { limit: 2, state: 'failed' });
    assert.deepEqual(
      page.map(({ facts }) => facts.id),
      ['4', '3'],
    );
    const rest = await runStore.list(db, { limit: 9, before: { startedAt: now, id: '3' } });
    assert.deepEqual(
      rest.map(({ facts }) => facts.id),
      ['2', '1'],
    );
    assert.equal(await runStore.isSuperseded(db, madeRun({ number: 0, commit: 'c0' })), true);
    await runStore.prune(db, now - 90 * day);
    assert.equal(await runStore.get(db, '1'), null);
    assert.deepEqual([await runStore.attempts(db, '1'), await retryStore.ofRun(db, '1')], [[], []]);
    assert.deepEqual((await runStore.attempt(db, '2', 1))?.detail.jobs, [job]);
    assert.equal((await retryStore.ofRun(db, '2')).length, 1);
  });

  it('counts re-runs by commit and time, one per attempt, and not those that were refused', async () => {
    const db = dbOf(await openStore({ migrations }));
    assert.equal(await retryStore.add(db, madeRetry({ nextAt: now + 5 })), true);
    assert.equal(await retryStore.add(db, madeRetry({ id: 'same attempt' })), false);
    await retryStore.add(db, madeRetry({ id: 'no', attempt: 2, state: 'refused', asked_at: now }));
    await retryStore.add(
      db,
      madeRetry({ id: 'person', attempt: 3, by: 'device:1', asked_at: now, state: 'asked', minutes: 2.5 }),
    );
    assert.equal(await retryStore.used(db, madeRun()), 2);
    assert.equal((await retryStore.usedOf(db, [madeRun()]))(madeRun()), 2);
    assert.equal(await retryStore.since(db, 2000), 1);
    assert.equal(await retryStore.nextAt(db), now + 5);
    assert.deepEqual(await retryStore.due(db, now + 4, 9), []);
    assert.equal((await retryStore.due(db, now + 5, 9)).length, 1);
    assert.deepEqual(await retryStore.totals(db, 0), { retries: 2, minutes: 2.5 });
  });

  it('keeps patterns and flaky tests, counts flips on, and forgets what is over', async () => {
    const db = dbOf(await openStore({ migrations }));
    const facts = madeRun();
    await runStore.save(db, kept(facts));
    await runStore.saveAttempt(db, facts, attempt());
    await runStore.setHealed(db, '1', 1);
    const [pattern] = await listPatterns(db, GithubConfig.parse({}).heal, {
      now: now + 2000,
      days: 7,
      limit: 5,
    });
    assert.deepEqual([pattern?.pattern, pattern?.count, pattern?.days.length], ['CI:test_failure', 1, 7]);
    assert.equal((await countHealed(db, now - day)).failed, 1);
    for (const at of [now, now + 1]) await flakyStore.flipped(db, facts, attempt().detail, at);
    const [test] = await flakyStore.list(db, { limit: 5 });
    assert.deepEqual(
      [test?.test, test?.flips, test?.first_at, test?.last_at],
      ['Run npm test', 2, now, now + 1],
    );
    await flakyStore.prune(db, now + 2);
    assert.deepEqual(await flakyStore.list(db, { limit: 5 }), []);
  });
});
