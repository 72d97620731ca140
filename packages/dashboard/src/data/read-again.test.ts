import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import type { Incident, VigilesEvent } from '@vigiles/contract';
import { applyEvents } from './apply-events.ts';

/** A list that is read when it is looked at; each reading answers when the test says so. */
function watch<Shown>(client: QueryClient, queryKey: readonly string[]) {
  const readings: ReturnType<typeof Promise.withResolvers<Shown>>[] = [];
  const observer = new QueryObserver<Shown>(client, {
    queryKey,
    queryFn: () => {
      const reading = Promise.withResolvers<Shown>();
      readings.push(reading);
      return reading.promise;
    },
  });
  const stop = observer.subscribe(() => undefined);
  const until = async (holds: () => boolean): Promise<void> => {
    const deadline = performance.now() + 30_000;
    while (!holds()) {
      assert.ok(performance.now() < deadline, `read ${readings.length} times`);
      await new Promise((later) => setTimeout(later, 1));
    }
  };
  return {
    readings,
    stop,
    until,
    shown: () => observer.getCurrentResult().data,
    idle: () => observer.getCurrentResult().fetchStatus === 'idle',
  };
}

const event = (type: string, data: object): VigilesEvent =>
  ({ seq: 1, id: 'e', ts: 0, actor: 'a', subject: 's', type, data }) as unknown as VigilesEvent;
const incident = { id: 'inc_1', service: 'x', state: 'open', opened_at: 1 } as unknown as Incident;

test('an incident that opens while the list is being read is in the list', async () => {
  const client = new QueryClient();
  const list = watch<object>(client, ['incidents']);
  const pages = (incidents: Incident[]) => ({ pages: [{ incidents, next: null }], pageParams: [null] });
  applyEvents(client, [event('incident.opened', { incident })]);
  // The server had answered before it opened.
  list.readings[0]?.resolve(pages([]));
  await list.until(() => list.readings.length === 2);
  list.readings[1]?.resolve(pages([incident]));
  await list.until(() => list.idle());
  assert.deepEqual(list.shown(), pages([incident]));
  list.stop();
  client.clear();
});

test('a session that begins while the list is read for the first time is in the list', async () => {
  const client = new QueryClient();
  const list = watch<string[]>(client, ['sessions']);
  applyEvents(client, [event('session.created', { session_id: 's' })]);
  list.readings[0]?.resolve([]);
  await list.until(() => list.readings.length === 2);
  list.readings[1]?.resolve(['s']);
  await list.until(() => list.idle());
  assert.deepEqual(list.shown(), ['s']);
  list.stop();
  client.clear();
});
