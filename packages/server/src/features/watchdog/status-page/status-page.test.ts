import assert from 'node:assert/strict';
import { it } from 'node:test';
import { StatusPageConfig } from '@vigiles/contract';
import { systemClock } from '../../../kernel/clock.ts';
import { statusPageRoutes } from './status-page.ts';

it('who asks after the settings changed gets no page that was begun by the old ones', async () => {
  const pageOf = (service: string) =>
    StatusPageConfig.parse({ enabled: true, groups: [{ title: 'All', services: [service] }] });
  let config = pageOf('secret');
  const counted = Promise.withResolvers<never[]>();
  const [, json] = statusPageRoutes({
    clock: systemClock,
    config: () => config,
    service: (name) => ({ title: name, state: 'UP' }),
    days: () => counted.promise,
    incidents: async () => [],
    maintenance: () => [],
  });
  assert.ok(json);
  const handle = json.handle as (call: object) => Promise<unknown>;
  const ask = () => handle({ setHeader: () => undefined });
  const before = ask();
  config = pageOf('public');
  const after = ask();
  counted.resolve([]);
  assert.match(JSON.stringify(await before), /secret/);
  assert.doesNotMatch(JSON.stringify(await after), /secret/);
  assert.doesNotMatch(JSON.stringify(await ask()), /secret/);
});
