import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RouteTrialAsk } from '@vigiles/contract';
import { trialAsk } from './trial-ask.ts';

const empty = {
  model: ' coder ',
  privacy: '',
  route: '',
  tags: '',
  workspace: '',
  intent: '',
  tokens: '',
  needs: [],
  secret: false,
};

test('what is not filled in is not said', () => {
  const ask = trialAsk(empty, undefined);
  assert.deepEqual(ask, { model: 'coder', needs: [], secret: false });
  assert.ok(RouteTrialAsk.safeParse(ask).success);
});

test('what is filled in is said as headers would say it', () => {
  const ask = trialAsk(
    {
      ...empty,
      privacy: 'private',
      route: 'local',
      tags: 'Burst, night ',
      workspace: ' Shop',
      tokens: '12,000',
    },
    [],
  );
  assert.deepEqual(ask, {
    model: 'coder',
    needs: [],
    secret: false,
    input_tokens: 12_000,
    privacy: 'private',
    route: 'local',
    workspace: 'shop',
    tags: ['burst', 'night'],
    routes: [],
  });
  assert.ok(RouteTrialAsk.safeParse(ask).success);
});
