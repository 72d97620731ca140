import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runCodex } from './harness/codex.ts';
import { startVigiles, type Vigiles } from './harness/vigiles.ts';
import { waitFor } from './harness/wait-for.ts';
import { startChatProvider } from './providers/chat-provider.ts';
import { startMessagesProvider } from './providers/messages-provider.ts';
import type { ProviderServer } from './providers/provider-server.ts';
import { codingScript } from './providers/scripted-model.ts';

/**
 * The slug chooses the shape of Codex's requests: fallback metadata, gpt-5.5, and "Responses lite" with code mode.
 * It does so behind a provider prefix too, by which the gateway routes.
 */
const shapes = { 'an unknown slug': 'house-model', 'gpt-5.5': 'gpt-5.5', 'gpt-6 in code mode': 'gpt-6-sol' };
const apiKey = 'sk-provider-key-for-tests';

let providers: Record<'Chat Completions' | 'Anthropic Messages', ProviderServer>;
let vigiles: Vigiles;
let deviceToken: string;

before(async () => {
  providers = {
    'Chat Completions': await startChatProvider(codingScript, apiKey),
    'Anthropic Messages': await startMessagesProvider(codingScript, apiKey),
  };
  vigiles = await startVigiles({
    env: { PROVIDER_KEY: apiKey },
    config: `
server: { port: 0 }
gateway:
  port: 0
  discover_local: false
  providers:
    - { id: chat, type: openai-compatible, base_url: "${providers['Chat Completions'].url}/v1", api_key: "\${env:PROVIDER_KEY}" }
    - { id: messages, type: anthropic, base_url: "${providers['Anthropic Messages'].url}", api_key: "\${env:PROVIDER_KEY}" }
  routes:
    - { model: "chat/*", provider: chat, upstream_model: scripted }
    - { model: "messages/*", provider: messages, upstream_model: scripted }
`,
  });
  deviceToken = await vigiles.pairDevice('codex', ['gateway']);
});

after(async () => {
  await vigiles?.stop();
  await Promise.all(Object.values(providers ?? {}).map((provider) => provider.close()));
});

const config = (model: string) => `
model = "${model}"
model_provider = "vigiles"
[model_providers.vigiles]
name = "Vigiles gateway"
base_url = "${vigiles.gatewayUrl}/v1"
wire_api = "responses"
env_key = "VIGILES_TOKEN"
supports_websockets = false
`;

interface Turns {
  turns: {
    outcome: string;
    provider: string;
    model_requested: string;
    input_tokens: number | null;
    status: number;
  }[];
}

for (const [protocol, id] of [
  ['Chat Completions', 'chat'],
  ['Anthropic Messages', 'messages'],
] as const)
  for (const [shape, slug] of Object.entries(shapes))
    test(`the real Codex (${shape}) writes a file and runs a command through a ${protocol} provider`, async () => {
      const provider = providers[protocol];
      provider.accepted.length = 0;
      provider.refused.length = 0;
      const run = await runCodex('Create hello.txt, then run it.', config(`${id}/${slug}`), {
        VIGILES_TOKEN: deviceToken,
      });
      try {
        const story = `${JSON.stringify(run.events, null, 1)}\n${run.stderr}\nrefused: ${provider.refused.join('\n')}`;
        assert.deepEqual(provider.refused, [], story);
        assert.equal(run.code, 0, story);
        assert.equal(
          readFileSync(join(run.folder, 'hello.txt'), 'utf8'),
          'Hello from Vigiles\nünïcödé ✓\n',
          story,
        );
        assert.equal(readFileSync(join(run.folder, 'ran.txt'), 'utf8'), 'ran\n', story);
        const answer = run.events.findLast((event) => event.item?.type === 'agent_message');
        assert.equal(answer?.item?.text, 'Finished after 2 results.', story);
        assert.equal(provider.accepted.length, 3, 'one request a step, none repeated');
        const turns = await waitFor('the ledger to hold the turns', async () => {
          const { turns } = await vigiles.api<Turns>('/api/v1/ai/turns?limit=3');
          return turns.length === 3 &&
            turns.every((turn) => turn.provider === id && turn.model_requested === `${id}/${slug}`)
            ? turns
            : null;
        });
        for (const turn of turns) {
          assert.equal(turn.outcome, 'ok');
          assert.equal(turn.status, 200);
          assert.ok((turn.input_tokens ?? 0) >= 1000, 'usage was read');
        }
      } finally {
        run.cleanUp();
      }
    });
