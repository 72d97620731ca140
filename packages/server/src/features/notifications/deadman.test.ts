import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DeadmanConfig, EgressConfig, type DeadmanState } from '@vigiles/contract';
import { silentLog } from '../../kernel/log.ts';
import { systemClock } from '../../kernel/clock.ts';
import { createEgress } from '../../platform/egress/index.ts';
import { createDeadman } from './deadman.ts';
import { startReceiver } from './testing/receiver.ts';

const receiver = await startReceiver();
after(() => receiver.close());
const egress = createEgress({ config: () => EgressConfig.parse({ allow_private: ['127.0.0.1'] }) });
after(() => egress.close());

function make(look: () => Promise<string | null>, config: object = {}) {
  const changes: DeadmanState[] = [];
  const deadman = createDeadman({
    clock: systemClock,
    log: silentLog,
    egress,
    config: () =>
      DeadmanConfig.parse({
        url: `${receiver.url}/ping/secret`,
        fail_url: `${receiver.url}/ping/secret/fail`,
        ...config,
      }),
    resolve: (text) => text,
    look,
    changed: (state) => void changes.push(state),
  });
  return { deadman, changes };
}
const paths = () => receiver.calls.splice(0).map(({ path }) => path);

test('a sign of life is given only while everything works, and what does not is said once', async () => {
  let wrong: string | null = null;
  const { deadman, changes } = make(async () => wrong);
  await deadman.beat();
  assert.deepEqual(paths(), ['/ping/secret']);
  wrong = 'nothing was looked at for 90 s';
  await deadman.beat();
  await deadman.beat();
  assert.deepEqual(paths(), ['/ping/secret/fail', '/ping/secret/fail']);
  wrong = null;
  await deadman.beat();
  assert.deepEqual(
    changes.map(({ ok }) => ok),
    [false, true],
  );
  assert.match(changes[0]?.reason ?? '', /nothing was looked at for 90 s/);
  assert.equal(deadman.state().target, new URL(receiver.url).host);
});

test('a service that does not hear it is told as a failure, without the secret in its address', async () => {
  receiver.answer = () => ({ status: 500 });
  const { deadman, changes } = make(async () => null);
  await deadman.beat();
  assert.equal(deadman.state().ok, false);
  assert.doesNotMatch(JSON.stringify(changes), /secret/);
});

test('a look that throws has found something', async () => {
  receiver.calls.splice(0);
  const { deadman } = make(() => Promise.reject(new Error('disk full')), { fail_url: undefined });
  await deadman.beat();
  assert.deepEqual([deadman.state().ok, paths()], [false, []]);
});
