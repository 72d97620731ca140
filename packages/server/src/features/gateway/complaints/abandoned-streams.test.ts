import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { chatStream } from '../../../testing/upstreams/chat-answers.ts';
import { startScriptedUpstream } from '../../../testing/upstreams/scripted-upstream.ts';
import { startTestGateway, until } from '../../../testing/test-gateway.ts';

// BerriAI/litellm#38193, maximhq/bifrost#828, maximhq/bifrost#6802
test('two hundred abandoned streams leave no turn, no held bytes and no open provider request behind', async (t) => {
  const upstream = await startScriptedUpstream((_seen, res) => {
    // An answer that never ends, begun with what is held back until it says something.
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(
      chatStream(['word '.repeat(200)])
        .slice(0, 2)
        .join(''),
    );
  });
  t.after(() => upstream.close());
  const gw = await startTestGateway({
    providers: [{ id: 'chat', type: 'openai-compatible', base_url: upstream.origin }],
    requests_per_minute: 10_000,
    concurrent_turns: 500,
  });
  t.after(() => gw.close());
  const paths = ['/v1/chat/completions', '/v1/responses', '/v1/messages'];
  const open = Array.from({ length: 200 }, (_, at) => {
    const messages = [{ role: 'user', content: 'x'.repeat(2000) }];
    const body = { model: 'chat/m', stream: true, max_tokens: 9, messages, input: 'hi' };
    const req = request({
      port: gw.port,
      path: paths[at % paths.length],
      method: 'POST',
      headers: { authorization: 'Bearer tok-agent', 'content-type': 'application/json' },
    });
    req.on('error', () => {});
    req.on('response', (res) => res.on('error', () => {}).resume());
    req.end(JSON.stringify(body));
    return req;
  });
  await until(
    () => gw.gateway.snapshot().live.length > 0 && upstream.requests.length === 200,
    'all to reach the provider',
  );
  for (const req of open) req.destroy();
  const rows = await gw.settled(200);
  assert.equal(rows.length, 200);
  assert.deepEqual([...new Set(rows.map(({ outcome }) => outcome))], ['client_aborted']);
  await until(
    () => upstream.requests.every(({ aborted }) => aborted),
    'every provider request to be cancelled',
  );
  assert.deepEqual(gw.gateway.snapshot().live, []);
});
