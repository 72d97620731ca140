import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayConfig } from '@vigiles/contract';
import { silentLog } from '../../../kernel/log.ts';
import { answerJson, startScriptedUpstream } from '../../../testing/upstreams/scripted-upstream.ts';
import { provider as ollama } from '../providers/ollama.ts';
import { createExplorer } from './explore.ts';
import { probeUpstream } from './probe.ts';
import { createUpstreamTable } from './upstream-table.ts';

test('a local server is found on its port with its models, and forgotten when it is gone', async (t) => {
  const server = await startScriptedUpstream((_seen, res) => answerJson(res, 200, {}), ['llama', 'qwen']);
  const table = createUpstreamTable(silentLog);
  t.after(() => table.close());
  table.apply(GatewayConfig.parse({}));
  const port = { id: 'ollama', name: 'Ollama', port: Number(new URL(server.origin).port) };
  const explorer = createExplorer({
    table,
    log: silentLog,
    discover: () => true,
    ports: [{ type: ollama, port }],
  });
  await explorer.look();
  assert.deepEqual(table.get('ollama')?.models, ['llama', 'qwen']);
  assert.equal(table.get('ollama')?.state, 'ok');
  assert.equal(table.get('ollama')?.prices, 'free');
  const plan = table.plan('qwen');
  assert.equal(plan.ok && plan.provider, 'ollama');
  await server.close();
  await explorer.look();
  assert.equal(table.get('ollama'), undefined);
  assert.equal(table.get('demo')?.state, 'ok');
});

test('a configured provider is asked for its models, and one without a list is not called failing', async (t) => {
  const listing = await startScriptedUpstream((_seen, res) => answerJson(res, 200, {}), ['listed']);
  const silent = await startScriptedUpstream((_seen, res) => answerJson(res, 200, {}));
  const table = createUpstreamTable(silentLog);
  t.after(async () => {
    await table.close();
    await listing.close();
    await silent.close();
  });
  table.apply(
    GatewayConfig.parse({
      providers: [
        { id: 'a', type: 'openai-compatible', base_url: listing.origin, models: ['named'] },
        { id: 'b', type: 'openai-compatible', base_url: silent.origin, models: ['only'] },
        { id: 'c', type: 'openai-compatible', base_url: 'http://127.0.0.1:9' },
      ],
    }),
  );
  await createExplorer({ table, log: silentLog, discover: () => false }).look();
  assert.deepEqual(table.get('a')?.models, ['named', 'listed']);
  assert.deepEqual(table.get('b')?.models, ['only']);
  assert.equal(table.get('b')?.state, 'unknown');
  assert.equal(table.get('c')?.state, 'failing');
});

test('a provider without a list of models is no worse for it; one that refuses or is gone is', async (t) => {
  const silent = await startScriptedUpstream((_seen, res) => answerJson(res, 200, {}));
  const listing = await startScriptedUpstream((_seen, res) => answerJson(res, 200, {}), ['one', 'two']);
  const table = createUpstreamTable(silentLog);
  t.after(async () => {
    await table.close();
    await listing.close();
  });
  const type = 'openai-compatible';
  table.apply(
    GatewayConfig.parse({
      providers: [
        { id: 'a', type, base_url: listing.origin },
        { id: 'b', type, base_url: silent.origin },
      ],
    }),
  );
  const probe = (id: string) => {
    const upstream = table.get(id);
    assert.ok(upstream);
    return probeUpstream(upstream);
  };
  assert.deepEqual(await probe('a'), { ok: true, message: 'it lists 2 models' });
  assert.equal(await probe('b'), null);
  await silent.close();
  assert.equal((await probe('b'))?.ok, false);
});
