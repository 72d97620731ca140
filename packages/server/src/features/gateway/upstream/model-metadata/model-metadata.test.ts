import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { GatewayConfig } from '@vigiles/contract';
import { silentLog, type Log } from '../../../../kernel/log.ts';
import { createPricing } from '../../pricing.ts';
import { createExplorer } from '../explore.ts';
import { createUpstreamTable, type UpstreamTable } from '../upstream-table.ts';
import { createModelMemory } from './model-memory.ts';

type Answer = (path: string, body: Record<string, unknown>) => unknown;

/** A model server that answers what a test says; undefined is 404. Counts what it was asked. */
async function startServer(t: TestContext, answer: Answer) {
  const asked: string[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const path = req.url ?? '';
      asked.push(path);
      const text = Buffer.concat(chunks).toString();
      const body = answer(path, text === '' ? {} : (JSON.parse(text) as Record<string, unknown>));
      res.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
      res.end(JSON.stringify(body ?? { error: 'not found' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function openTable(t: TestContext, providers: object[], log: Log = silentLog): UpstreamTable {
  const table = createUpstreamTable(log, createPricing());
  t.after(() => table.close());
  table.apply(GatewayConfig.parse({ providers }));
  return table;
}

const look = (table: UpstreamTable, log: Log = silentLog) =>
  createExplorer({ table, log, discover: () => false }).look();

/** hermes-agent#43900: the model was made for 131,072 tokens and Ollama gave it 4,096 without a word. */
test('the window that Ollama really gives a model is known, not the one the model was made for', async (t) => {
  const ollama = await startServer(t, (path, body) => {
    if (path === '/v1/models') return { object: 'list', data: [{ id: 'gemma4:latest' }, { id: 'coder' }] };
    if (path === '/api/ps') return { models: [{ model: 'gemma4:latest', context_length: 4096 }] };
    if (path !== '/api/show') return undefined;
    return body['model'] === 'coder'
      ? { parameters: 'temperature 0.7\nnum_ctx 32768', model_info: { 'qwen3.context_length': 262_144 } }
      : { model_info: { 'gemma4.context_length': 131_072 }, capabilities: ['completion', 'vision', 'tools'] };
  });
  const warned: object[] = [];
  const log: Log = { ...silentLog, warn: (fields: object) => void warned.push(fields) };
  const table = openTable(t, [{ id: 'o', type: 'ollama', base_url: ollama.origin }], log);
  await look(table, log);
  const upstream = table.get('o');
  assert.deepEqual(upstream?.facts('gemma4:latest'), {
    contextWindow: 4096,
    trainedWindow: 131_072,
    maxOutputTokens: null,
    cutsSilently: true,
    abilities: { images: true, tools: true, reasoning: false, structuredOutput: true },
    rates: { input: 0, output: 0 },
  });
  assert.equal(upstream.facts('coder').contextWindow, 32_768);
  assert.deepEqual(
    warned.map((one) => [Reflect.get(one, 'model'), Reflect.get(one, 'contextWindow')]),
    [
      ['gemma4:latest', 4096],
      ['coder', 32_768],
    ],
  );
});

test('a server that only looks like Ollama keeps its models', async (t) => {
  const other = await startServer(t, (path) => (path === '/v1/models' ? { data: [{ id: 'm' }] } : undefined));
  const table = openTable(t, [{ id: 'o', type: 'ollama', base_url: other.origin }]);
  await look(table);
  assert.deepEqual(table.get('o')?.models, ['m']);
  assert.equal(table.get('o')?.facts('m').contextWindow, null);
});

test('llama.cpp says which window its one model has', async (t) => {
  const server = await startServer(t, (path) =>
    path === '/v1/models'
      ? { object: 'list', data: [{ id: 'model.gguf', meta: { n_ctx_train: 131_072 } }] }
      : path === '/props'
        ? { default_generation_settings: { n_ctx: 8192 }, modalities: { vision: false } }
        : undefined,
  );
  const table = openTable(t, [{ id: 'l', type: 'llama-cpp', base_url: server.origin }]);
  await look(table);
  assert.equal(table.get('l')?.facts('model.gguf').contextWindow, 8192);
  assert.equal(table.get('l')?.facts('model.gguf').cutsSilently, false);
});

test('LM Studio’s own list is asked first, and the plain one where there is none', async (t) => {
  const plain = { data: [{ id: 'plain' }] };
  const rich = { data: [{ id: 'rich', type: 'llm', max_context_length: 8192 }] };
  const studio = await startServer(t, (path) => (path === '/api/v0/models' ? rich : plain));
  const older = await startServer(t, (path) => (path === '/v1/models' ? plain : undefined));
  const table = openTable(t, [
    { id: 'a', type: 'lm-studio', base_url: studio.origin },
    { id: 'b', type: 'lm-studio', base_url: older.origin },
  ]);
  await look(table);
  assert.deepEqual(table.get('a')?.models, ['rich']);
  assert.equal(table.get('a')?.facts('rich').contextWindow, 8192);
  assert.deepEqual(table.get('b')?.models, ['plain']);
});

test('a catalogue beside the base address is found there', async (t) => {
  const github = await startServer(t, (path) =>
    path === '/catalog/models' ? [{ id: 'openai/gpt-4.1', limits: { max_input_tokens: 9 } }] : undefined,
  );
  const table = openTable(t, [
    { id: 'g', type: 'github-models', base_url: `${github.origin}/inference`, api_key: 'k' },
  ]);
  await look(table);
  assert.deepEqual(table.get('g')?.models, ['openai/gpt-4.1']);
  assert.equal(table.get('g')?.facts('openai/gpt-4.1').contextWindow, 9);
});

test('looks that come together make one round and one more, however many they are', async (t) => {
  const server = await startServer(t, () => ({ data: [{ id: 'm' }] }));
  const table = openTable(t, [{ id: 'l', type: 'openai-compatible', base_url: server.origin }]);
  const explorer = createExplorer({ table, log: silentLog, discover: () => false });
  await Promise.all(Array.from({ length: 20 }, () => explorer.look()));
  assert.equal(server.asked.length, 2);
});

test('a vendor is asked once an hour, and after failures ever more seldom', async (t) => {
  let now = 0;
  let fails = true;
  const server = await startServer(t, () => (fails ? undefined : { data: [{ id: 'm' }] }));
  const table = openTable(t, [{ id: 'v', type: 'openai-compatible', base_url: server.origin }]);
  const upstream = table.get('v');
  assert.ok(upstream);
  // The stand-in listens on this machine; a vendor does not.
  Object.assign(upstream, { local: false });
  const explorer = createExplorer({ table, log: silentLog, discover: () => false, nowMs: () => now });
  const askedAt = async (seconds: number) => {
    now = seconds * 1000;
    const before = server.asked.length;
    await explorer.look();
    return server.asked.length > before;
  };
  assert.deepEqual(
    [await askedAt(0), await askedAt(29), await askedAt(30), await askedAt(89), await askedAt(90)],
    [true, false, true, false, true],
  );
  fails = false;
  assert.equal(await askedAt(500), true);
  assert.deepEqual(table.get('v')?.models, ['m']);
  assert.equal(await askedAt(500 + 3599), false);
  assert.equal(await askedAt(500 + 3600), true);
});

test('a gateway that was restarted knows at once what vendors had listed', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'vigiles-models-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  const path = join(home, 'cache', 'models.json');
  const vendor = { id: 'v', type: 'openai-compatible', base_url: 'http://127.0.0.1:9' };
  const first = openTable(t, [vendor]);
  first.setModels('v', [{ id: 'm', facts: { contextWindow: 7 } }]);
  Object.assign(first.get('v') ?? {}, { local: false });
  await createModelMemory(path).write(first.list());

  const second = openTable(t, [vendor]);
  await createModelMemory(path).recall(second);
  assert.deepEqual(second.get('v')?.models, ['m']);
  assert.equal(second.get('v')?.facts('m').contextWindow, 7);
  assert.equal(second.plan('m').ok, true);

  const elsewhere = openTable(t, [{ ...vendor, base_url: 'http://127.0.0.1:10' }]);
  await createModelMemory(path).recall(elsewhere);
  assert.deepEqual(elsewhere.get('v')?.models, []);

  for (const broken of ['', 'x', '{}', '[null, {"id": "v", "models": [null]}]']) {
    await writeFile(path, broken);
    const table = openTable(t, [vendor]);
    await createModelMemory(path).recall(table);
    assert.deepEqual(table.get('v')?.models, [], broken);
  }
  assert.equal(await readFile(path, 'utf8').then((text) => text.includes('api_key')), false);
});
