import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDevices } from '../features/devices/index.ts';
import { systemClock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { silentLog } from '../kernel/log.ts';
import { createEventLog } from '../platform/event-log/index.ts';
import { createStore } from '../platform/store/index.ts';
import { until } from '../testing/test-control.ts';
import { chatStream } from '../testing/upstreams/chat-answers.ts';
import { startScriptedUpstream } from '../testing/upstreams/scripted-upstream.ts';
import { startGateway } from './gateway.ts';
import { migrations } from './migrations.ts';

test('a token that was revoked is of no use at the gateway at once: its open answer is cut, the provider told, the next one refused', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'vigiles-gateway-revoked-'));
  const upstream = await startScriptedUpstream((_seen, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    // It says something and then goes on thinking for ever.
    res.write(chatStream(['one']).slice(0, 2).join(''));
  });
  await writeFile(
    join(home, 'vigiles.yaml'),
    `gateway:\n  port: 0\n  discover_local: false\n  providers:\n    - { id: mock, type: openai-compatible, base_url: "${upstream.origin}", models: [m] }\n`,
  );
  const store = await createStore({ home, migrations, log: silentLog });
  const events = createEventLog({ store, log: silentLog });
  const devices = createDevices({ store, events, clock: systemClock, newId, log: silentLog });
  await events.start();
  await devices.start();
  const gateway = await startGateway({ home, env: {}, log: silentLog });
  t.after(async () => {
    await gateway.stop();
    await devices.stop();
    await events.stop();
    await store.close();
    await upstream.close();
    await rm(home, { recursive: true, force: true });
  });
  const ask = (token: string) =>
    fetch(`http://127.0.0.1:${gateway.port}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'mock/m', stream: true, messages: [{ role: 'user', content: 'hi' }] }),
    });
  /** An answer that has begun; `cut` when it was ended before its time. */
  async function open(token: string) {
    const answer = await ask(token);
    assert.equal(answer.status, 200);
    const reader = answer.body?.getReader();
    await reader?.read();
    const asked = upstream.requests.at(-1);
    let cut = false;
    const reading = (async () => {
      try {
        for (;;) if ((await reader?.read())?.done !== false) return;
      } catch {
        cut = true;
      }
    })();
    return { asked, reading, cut: () => cut };
  }

  const stays = await devices.createDevice({ name: 'stays', scopes: ['gateway'] });
  const goes = await devices.createDevice({ name: 'goes', scopes: ['gateway'] });
  const exchanged = await devices.short.exchange(
    {
      subjectToken: stays.token,
      actorToken: undefined,
      audience: undefined,
      scopes: [],
      lifetimeMs: 600_000,
    },
    [],
  );
  assert.ok(exchanged.ok);
  const short = exchanged.value.token;
  const [kept, ofDevice, ofShort] = [await open(stays.token), await open(goes.token), await open(short)];

  await devices.revoke(goes.device.id, 'test');
  await until('the answer of the revoked device is cut', ofDevice.cut);
  await until('its provider is told', () => ofDevice.asked?.aborted === true);
  assert.equal((await ask(goes.token)).status, 401);
  assert.equal(ofShort.cut(), false);

  assert.equal(await devices.giveBack(short), true);
  await until('the answer of the short token is cut', ofShort.cut);
  assert.equal((await ask(short)).status, 401);
  assert.equal(kept.cut(), false, 'nobody else is cut');
  await devices.revoke(stays.device.id, 'test');
  await Promise.all([kept, ofDevice, ofShort].map(({ reading }) => reading));
});
