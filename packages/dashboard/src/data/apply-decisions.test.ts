import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import type { Decision } from '@vigiles/contract';
import { applyDecision } from './apply-decisions.ts';

const decision = { decision_id: 'dec_1', session_id: 'ses_1', state: 'pending' } as Decision;

test('a question that is asked while the list is being read is not lost', async () => {
  const client = new QueryClient();
  const answers = [Promise.withResolvers<Decision[]>(), Promise.withResolvers<Decision[]>()];
  let reads = 0;
  const observer = new QueryObserver<Decision[]>(client, {
    queryKey: ['decisions'],
    queryFn: () => answers[reads++]?.promise ?? [],
  });
  const stop = observer.subscribe(() => undefined);
  // The server answers with the list as it was before the question; the live event overtakes that answer.
  applyDecision(client, decision);
  answers[0]?.resolve([]);
  answers[1]?.resolve([decision]);
  const shown = await new Promise((resolve) => {
    const look = (): void => {
      const { data, fetchStatus } = observer.getCurrentResult();
      if (fetchStatus === 'idle' && data !== undefined) resolve(data);
    };
    observer.subscribe(look);
    look();
  });
  assert.deepEqual(shown, [decision]);
  stop();
  client.clear();
});
