import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Session, Status } from '@vigiles/contract';
import { startTestControl, until, type TestControl } from '../testing/test-control.ts';
import { post } from '../testing/test-gateway.ts';
import { messagesStream } from '../testing/upstreams/messages-answers.ts';
import {
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
} from '../testing/upstreams/scripted-upstream.ts';
import { healing } from './healing.ts';

/** Control with the real gateway process; only the provider is a stand-in. */

let upstream: ScriptedUpstream;
let control: TestControl;

before(async () => {
  upstream = await startScriptedUpstream((_seen, res) => streamPieces(res, messagesStream(['one', 'two'])));
  control = await startTestControl({
    env: { PATH: process.env['PATH'] },
    extend: [healing],
    yaml: `
limits: { light: { per_minute: 100000, per_hour: 1000000, per_day: 1000000, cooldown_s: 0 } }
gateway:
  port: 0
  discover_local: false
  providers:
    - { id: claude, type: anthropic, base_url: "${upstream.origin}", api_key: k }
`,
  });
});
after(async () => {
  await control.close();
  await upstream.close();
});

test('what a session’s turns cost reaches it from the ledger, and nobody else can put costs on it', async () => {
  let url = '';
  await until('the gateway serves', async () => {
    const { body } = await control.call<Status>('GET', '/api/v1/status');
    url = body.gateway?.url ?? '';
    return url !== '' && ((await fetch(`${url}/health`).catch(() => null))?.ok ?? false);
  });
  const own = await control.token('gateway', 'sessions:produce', 'sessions:read');
  const foreign = await control.token('gateway');
  const made = await control.call<Session>('POST', '/api/v1/sessions', {
    token: own,
    body: { session_id: 'paid' },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const ask = async (token: string, session: string): Promise<void> => {
    const answer = await post(
      `${url}/v1/messages`,
      JSON.stringify({
        model: 'claude/claude-sonnet-4-5',
        max_tokens: 1000,
        stream: true,
        messages: [{ role: 'user', content: 'hi' }],
      }),
      { authorization: `Bearer ${token}`, 'x-vigiles-session': session },
    );
    assert.equal(answer.status, 200);
  };
  const session = async (): Promise<Session> => {
    const found = await control.control.sessions.get('paid');
    assert.ok(found);
    return found;
  };
  await ask(own, 'paid');
  await until('it is charged', async () => (await session()).cost_microusd > 0);
  const once = await session();
  assert.ok(once.tokens.input > 0 && once.tokens.output > 0);

  await ask(foreign, 'paid');
  await ask(own, 'paid');
  await until('it is charged again', async () => (await session()).cost_microusd > once.cost_microusd);
  const twice = await session();
  assert.equal(twice.cost_microusd, 2 * once.cost_microusd, 'the two turns of its own');
  assert.equal(twice.tokens.output, 2 * once.tokens.output);
  const { events } = await control.control.sessions.read('paid', { afterSeq: 0, limit: 100 });
  assert.deepEqual(
    events.filter(({ type }) => type === 'usage:updated').map(({ actor }) => actor),
    ['gateway', 'gateway'],
  );
});
