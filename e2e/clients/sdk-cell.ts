import assert from 'node:assert/strict';
import { wantedCalls, wantedTexts, type SdkClient } from './client.ts';
import { settledTurns } from './settled-turns.ts';
import type { ProviderId, World } from './world.ts';

/**
 * One official package with one provider: text, two calls at once, one more call, the end; streamed and whole.
 * Nothing may be refused or asked twice, usage must be exact, and reasoning must come back to the provider that sealed it.
 */
export async function runSdkCell(world: World, client: SdkClient, id: ProviderId): Promise<void> {
  for (const stream of [true, false]) await runOnce(world, client, id, stream);
}

async function runOnce(world: World, client: SdkClient, id: ProviderId, stream: boolean): Promise<void> {
  const provider = world.providers[id];
  provider.accepted.length = 0;
  provider.refused.length = 0;
  const signedBefore = provider.signed ?? 0;
  const model = `${id}/${client.id}-${stream ? 'streamed' : 'whole'}`;
  const steps = await client.run(world, model, stream).catch((thrown: unknown) => {
    throw new Error(`${stream ? 'streamed' : 'whole'}: ${provider.refused.join('; ')}`, { cause: thrown });
  });
  const [first, second, last] = steps;
  assert.deepEqual(provider.refused, []);
  assert.deepEqual(
    steps.map(({ text }) => text),
    wantedTexts,
  );
  assert.deepEqual(
    steps.map(({ calls }) => calls),
    wantedCalls,
  );
  const { calls, end } = client.stops;
  assert.deepEqual([first?.stop, second?.stop, last?.stop], [calls, calls, end]);
  for (const { usage } of steps) assert.deepEqual(usage, { input: 1000, output: 17, cached: 100 });
  if (stream) for (const step of [first, last]) assert.ok((step?.deltas ?? 0) > 1, 'text came in pieces');
  // Step 2 replays one sealed step, step 3 both.
  if (provider.signed !== undefined)
    assert.equal(provider.signed - signedBefore, client.keepsReasoning(id) ? 3 : 0);
  assert.equal(provider.accepted.length, 3, 'one request a step, none repeated');
  for (const turn of await settledTurns(world, model, 3)) {
    assert.equal(turn.outcome, 'ok');
    assert.deepEqual([turn.input_tokens, turn.output_tokens], [1000, 17]);
  }
}
