import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDevices } from '../features/devices/index.ts';
import { readRunFile, type GatewayRunFile } from '../features/gateway/index.ts';
import { readSpent } from '../features/gateway/process.ts';
import { systemClock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { silentLog } from '../kernel/log.ts';
import { createEventLog } from '../platform/event-log/index.ts';
import { createStore } from '../platform/store/index.ts';
import { post } from '../testing/test-gateway.ts';
import { messagesStream } from '../testing/upstreams/messages-answers.ts';
import { startScriptedUpstream, streamPieces } from '../testing/upstreams/scripted-upstream.ts';
import { migrations } from './migrations.ts';

test('litellm#36926: kill -9 leaves no reservation hanging, and what was spent is not forgotten', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'vigiles-gateway-money-'));
  let hold = false;
  const upstream = await startScriptedUpstream(async (_seen, res) => {
    if (!hold) await streamPieces(res, messagesStream(['one']));
  });
  const store = await createStore({ home, migrations, log: silentLog });
  const events = createEventLog({ store, log: silentLog });
  const devices = createDevices({ store, events, clock: systemClock, newId, log: silentLog });
  await events.start();
  await devices.start();
  const { token } = await devices.createDevice({ name: 'agent', scopes: ['gateway'] });
  let pid: number | undefined;
  t.after(async () => {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    await devices.stop();
    await events.stop();
    await store.close();
    await upstream.close();
    await rm(home, { recursive: true, force: true });
  });
  // A turn is estimated at about 0.016 dollars and costs far less: one reservation at a time fits.
  await writeFile(
    join(home, 'vigiles.yaml'),
    `budgets: { daily_usd: 0.02, monthly_usd: none }
gateway:
  port: 0
  discover_local: false
  providers:
    - { id: claude, type: anthropic, base_url: "${upstream.origin}", api_key: k }
`,
  );
  const entry = new URL('./gateway-main.ts', import.meta.url).pathname;
  const start = async (): Promise<GatewayRunFile> => {
    const child = spawn(process.execPath, [entry, '--home', home], { stdio: 'ignore' });
    pid = child.pid;
    for (;;) {
      const file = await readRunFile(home);
      if (file?.pid === child.pid) return file as GatewayRunFile;
      assert.equal(child.exitCode, null, 'the gateway ended while starting');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const ask = ({ port }: GatewayRunFile) =>
    post(
      `http://127.0.0.1:${port}/v1/messages`,
      JSON.stringify({
        model: 'claude/claude-sonnet-4-5',
        max_tokens: 1000,
        stream: true,
        messages: [{ role: 'user', content: 'hi' }],
      }),
      { authorization: `Bearer ${token}` },
    );
  const spent = async () => (await readSpent(store, Date.now()))[0]?.todayMicros ?? 0;

  const first = await start();
  assert.equal((await ask(first)).status, 200);
  while ((await spent()) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const before = await spent();
  hold = true;
  const seen = upstream.requests.length;
  const cut = ask(first).catch(() => null);
  while (upstream.requests.length === seen) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal((await ask(first)).status, 402, 'the open turn holds the rest of the budget');
  process.kill(first.pid, 'SIGKILL');
  await cut;
  hold = false;

  const second = await start();
  assert.equal((await ask(second)).status, 200, 'nothing is held any more');
  while ((await spent()) < before * 2) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(await spent(), before * 2);
  const leaving = pid as number;
  pid = undefined;
  process.kill(leaving, 'SIGTERM');
  while ((await readRunFile(home)) !== null) await new Promise((resolve) => setTimeout(resolve, 20));
});
