import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { ActionRun } from '@vigiles/contract';
import { startTestControl, until } from '../testing/test-control.ts';
import { healing } from './healing.ts';

const served = await startTestControl({
  yaml: 'gateway: { enabled: false }\nwatchdog: { veto_s: 0 }',
  extend: [healing],
});
after(() => served.close());

const config = async () =>
  (
    await served.call<{ config: { web: { enabled: boolean }; plugins: { enabled: boolean } } }>(
      'GET',
      '/api/v1/config',
    )
  ).body.config;

/** Asks, and waits until the action's own record says how it ended. */
async function ask(service: string, action: string): Promise<ActionRun & { service: string }> {
  const { status, body } = await served.call<ActionRun & { service: string }>(
    'POST',
    `/api/v1/services/${service}/${action}`,
  );
  assert.equal(status, 202, JSON.stringify(body));
  let run: ActionRun = body;
  await until(`${action} of ${service}`, async () => {
    run = (await served.call<ActionRun>('GET', `/api/v1/actions/runs/${body.id}`)).body;
    return run.state === 'finished' || run.state === 'refused';
  });
  return Object.assign({}, run, { service: body.service });
}

test('the services of the earlier server are really switched, through the action runner, and can be put back', async () => {
  const stopped = await ask('web-proxy', 'stop');
  assert.deepEqual(
    [stopped.service, stopped.action, stopped.outcome],
    ['web-proxy', 'switch_feature', 'fixed'],
  );
  assert.equal((await config()).web.enabled, false);
  const page = await served.call('POST', '/api/v1/web/fetch', { body: { url: 'http://example.org/' } });
  assert.equal(page.status, 503);
  const started = await ask('web-proxy', 'start');
  assert.equal(started.outcome, 'fixed');
  assert.equal((await config()).web.enabled, true);
  const again = await ask('plugin-repo', 'restart');
  assert.deepEqual(
    again.evidence.map(({ text }) => text).filter((text) => text.startsWith('plugin-repo')),
    ['plugin-repo is off', 'plugin-repo is on'],
  );
  assert.equal((await config()).plugins.enabled, true);
});

test('a service that is neither watched nor an old name is unknown', async () => {
  const { status, body } = await served.call('POST', '/api/v1/services/no-such/restart');
  assert.deepEqual([status, body.code], [404, 'unknown_service']);
  const odd = await served.call('POST', '/api/v1/services/web-proxy/explode');
  assert.equal(odd.status, 400);
});
