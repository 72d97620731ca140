import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCodex } from '../harness/codex.ts';
import { settledTurns } from './settled-turns.ts';
import type { ProviderId, World } from './world.ts';

/**
 * The slug chooses the shape of Codex's requests: fallback metadata, gpt-5.5, and "Responses lite" with code mode.
 * It does so behind a provider prefix too, by which the gateway routes.
 */
export const codexShapes = ['house-model', 'gpt-5.5', 'gpt-6-sol'] as const;

const config = (model: string, { gatewayUrl }: World) => `
model = "${model}"
model_provider = "vigiles"
[model_providers.vigiles]
name = "Vigiles gateway"
base_url = "${gatewayUrl}/v1"
wire_api = "responses"
env_key = "VIGILES_TOKEN"
supports_websockets = false
`;

/** The real Codex CLI with one provider: it writes a file, runs two commands (at once, where it can), and says so. */
export async function runCodexCell(
  world: World,
  id: ProviderId,
  slug: (typeof codexShapes)[number],
): Promise<void> {
  const provider = world.providers[id];
  provider.accepted.length = 0;
  provider.refused.length = 0;
  const signedBefore = provider.signed ?? 0;
  const model = `${id}/${slug}`;
  const run = await runCodex('Create hello.txt, then run it.', config(model, world), {
    VIGILES_TOKEN: world.token,
  });
  try {
    const story = `${JSON.stringify(run.events, null, 1)}\n${run.stderr}\nrefused: ${provider.refused.join('\n')}`;
    assert.deepEqual(provider.refused, [], story);
    assert.equal(run.code, 0, story);
    const file = (name: string) => readFileSync(join(run.folder, name), 'utf8');
    assert.equal(file('hello.txt'), 'Hello from Vigiles\nünïcödé ✓\n', story);
    assert.deepEqual([file('ran.txt'), file('too.txt')], ['ran\n', 'too\n'], story);
    const answer = run.events.findLast((event) => event.item?.type === 'agent_message');
    const results = slug === 'gpt-6-sol' ? 2 : 3;
    assert.equal(answer?.item?.text, `Finished after ${results} results.`, story);
    assert.equal(provider.accepted.length, 3, 'one request a step, none repeated');
    if (provider.signed !== undefined) {
      // Of a slug it does not know Codex names no effort, and Claude then does not think.
      const wanted = id === 'messages' && slug === 'house-model' ? 0 : 3;
      assert.equal(provider.signed - signedBefore, wanted, 'reasoning came back');
    }
    for (const turn of await settledTurns(world, model, 3)) {
      assert.deepEqual([turn.outcome, turn.status], ['ok', 200]);
      assert.deepEqual([turn.input_tokens, turn.output_tokens], [1000, 17]);
    }
  } finally {
    run.cleanUp();
  }
}
