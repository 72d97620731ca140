import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
  type SeenRequest,
} from '../packages/server/src/testing/upstreams/scripted-upstream.ts';
import { runCodex } from './harness/codex.ts';
import { startVigiles, type Vigiles } from './harness/vigiles.ts';

/** The real Codex CLI with what only some of its providers have: remote compaction, and Responses over WebSocket. */

const SUMMARY = 'hello.txt was made for the user; only the report is left.';

/** What the model says to a request, and how full its window is then. */
function say(seen: SeenRequest): { text: string; cmd?: string; tokens: number } {
  const messages = (seen.json?.['messages'] ?? []) as { role: string; content: unknown }[];
  const all = JSON.stringify(messages);
  if (JSON.stringify(messages.at(-1)?.content).includes('handover note'))
    return { text: SUMMARY, tokens: 5000 };
  if (all.includes(SUMMARY)) return { text: 'Finished after the summary.', tokens: 300 };
  if (messages.some(({ role }) => role === 'tool')) return { text: 'Finished in one go.', tokens: 400 };
  return { text: 'Making it.', cmd: 'echo hi > hello.txt', tokens: 5000 };
}

const chunk = (more: object): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'scripted', ...more })}\n\n`;

const delta = (value: object, finish: string | null = null): string =>
  chunk({ choices: [{ index: 0, delta: value, finish_reason: finish }] });

/** Requests of one connection after the other, as they came. */
interface Wire {
  url: string;
  lines: string[];
  close(): Promise<void>;
}

/** Stands between Codex and the gateway and writes down what is asked for. */
async function watchWire(target: URL): Promise<Wire> {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const gateway = connect(Number(target.port), target.hostname);
    for (const socket of [client, gateway]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        client.destroy();
        gateway.destroy();
      });
    }
    client.on('data', (data: Buffer) => {
      const line = /^(GET|POST) \S+/.exec(data.toString('latin1', 0, 200))?.[0];
      if (line !== undefined) lines.push(line);
    });
    client.pipe(gateway);
    gateway.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lines,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What the provider was asked, for a failure's message. */
const asked = (): string =>
  upstream.requests
    .map(({ json }) => {
      const messages = (json?.['messages'] ?? []) as { role: string; content: unknown }[];
      const last = JSON.stringify(messages.at(-1)?.content) ?? '';
      return `${messages.map(({ role }) => role).join(' ')}: ${last.slice(0, 120)}`;
    })
    .join('\n');

let upstream: ScriptedUpstream;
let vigiles: Vigiles;
let wire: Wire;
let token: string;

before(async () => {
  upstream = await startScriptedUpstream((seen, res) => {
    const { text, cmd, tokens } = say(seen);
    const usage = { prompt_tokens: tokens, completion_tokens: 10, total_tokens: tokens + 10 };
    if (seen.json?.['stream'] !== true) return answerJson(res, 400, { error: { message: 'streams only' } });
    const call = {
      index: 0,
      id: 'call_1',
      type: 'function',
      function: { name: 'exec_command', arguments: JSON.stringify({ cmd }) },
    };
    return streamPieces(res, [
      delta({ role: 'assistant', content: text }),
      ...(cmd === undefined ? [] : [delta({ tool_calls: [call] })]),
      delta({}, cmd === undefined ? 'stop' : 'tool_calls'),
      chunk({ choices: [], usage }),
      'data: [DONE]\n\n',
    ]);
  });
  vigiles = await startVigiles({
    config: `
server: { port: 0 }
gateway:
  port: 0
  discover_local: false
  responses_websocket: true
  providers:
    - { id: chat, type: openai-compatible, base_url: "${upstream.origin}/v1" }
`,
  });
  token = await vigiles.pairDevice('codex', ['gateway']);
  wire = await watchWire(new URL(vigiles.gatewayUrl));
});

after(async () => {
  await wire?.close();
  await vigiles?.stop();
  await upstream?.close();
});

const config = (more: string, name: string, webSockets: boolean): string => `
model = "chat/house-model"
model_provider = "vigiles"
${more}
[model_providers.vigiles]
name = "${name}"
base_url = "${wire.url}/v1"
wire_api = "responses"
env_key = "VIGILES_TOKEN"
supports_websockets = ${webSockets}
`;

for (const webSockets of [false, true]) {
  const over = webSockets ? 'over a WebSocket' : 'over HTTP';
  test(`the real Codex has its history compacted by a provider that cannot, ${over}`, async () => {
    upstream.requests.length = wire.lines.length = 0;
    const limit = 'model_context_window = 20000\nmodel_auto_compact_token_limit = 2000';
    const run = await runCodex('Make hello.txt.', config(limit, 'OpenAI', webSockets), {
      VIGILES_TOKEN: token,
    });
    try {
      const story = `${JSON.stringify(run.events, null, 1)}\n${run.stderr}\n${wire.lines.join('\n')}\n${asked()}`;
      assert.equal(run.code, 0, story);
      assert.equal(readFileSync(join(run.folder, 'hello.txt'), 'utf8'), 'hi\n', story);
      const answer = run.events.findLast((event) => event.item?.type === 'agent_message');
      assert.equal(answer?.item?.text, 'Finished after the summary.', story);
      assert.equal(upstream.requests.length, 3, `the call, the summary, the report:\n${story}`);
    } finally {
      run.cleanUp();
    }
  });
}

test('the real Codex does a whole task over one WebSocket', async () => {
  upstream.requests.length = wire.lines.length = 0;
  const run = await runCodex('Make hello.txt.', config('', 'Vigiles', true), { VIGILES_TOKEN: token });
  try {
    const story = `${JSON.stringify(run.events, null, 1)}\n${run.stderr}\n${wire.lines.join('\n')}\n${asked()}`;
    assert.equal(run.code, 0, story);
    const answer = run.events.findLast((event) => event.item?.type === 'agent_message');
    assert.equal(answer?.item?.text, 'Finished in one go.', story);
    assert.equal(readFileSync(join(run.folder, 'hello.txt'), 'utf8'), 'hi\n', story);
    assert.ok(wire.lines.includes('GET /v1/responses'), story);
    assert.equal(
      wire.lines.some((line) => line.startsWith('POST')),
      false,
      story,
    );
    assert.equal(upstream.requests.length, 2);
  } finally {
    run.cleanUp();
  }
});
