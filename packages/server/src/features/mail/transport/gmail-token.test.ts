import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MailTransportConfig } from '@vigiles/contract';
import { ok } from '../../../kernel/fault.ts';
import type { EgressAnswer } from '../../../platform/egress/index.ts';
import { createGmailTokens } from './gmail-token.ts';

const config = MailTransportConfig.parse({
  type: 'gmail',
  user: 'me@gmail.example',
  client_id: 'c',
  client_secret: 's',
  refresh_token: 'r',
});
assert.ok(config.type === 'gmail');

test('whoever wants a token while one is renewed waits for it; who leaves takes nothing from the others', async () => {
  const answer = Promise.withResolvers<EgressAnswer>();
  let asked = 0;
  const tokens = createGmailTokens(
    {
      async fetch() {
        asked += 1;
        return ok(await answer.promise);
      },
    },
    () => 0,
  );
  const leaving = new AbortController();
  const never = new AbortController().signal;
  const [first, second, third] = [
    tokens.get(config, leaving.signal),
    tokens.get(config, never),
    tokens.get(config, never),
  ];
  leaving.abort();
  assert.equal((await first).kind, 'later');
  answer.resolve({
    status: 200,
    headers: {},
    body: Buffer.from('{"access_token":"t","expires_in":3600}'),
    url: '',
  });
  assert.deepEqual(await Promise.all([second, third]), [
    { kind: 'token', value: 't' },
    { kind: 'token', value: 't' },
  ]);
  assert.equal(asked, 1);
  assert.deepEqual(await tokens.get(config, never), { kind: 'token', value: 't' });
  assert.equal(asked, 1);
});
