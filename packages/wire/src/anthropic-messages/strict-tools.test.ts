import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TurnRequest } from '../canonical/index.ts';
import type { EncodeTarget } from '../protocol.ts';
import { encodeRequest } from './encode-request.ts';

function encode(request: Partial<TurnRequest>, target: Partial<EncodeTarget> = {}) {
  const whole: TurnRequest = { model: 'm', messages: [], tools: [], stream: false, ...request };
  const encoded = encodeRequest(whole, { model: 'claude-sonnet-4-5', issuer: 'anthropic', ...target });
  return { ...encoded, body: encoded.body as { tools?: { strict?: boolean }[] } };
}

const closed = (properties: Record<string, unknown>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const strictTool = (name: string, parameters: Record<string, unknown>) => ({
  kind: 'function' as const,
  name,
  parameters,
  strict: true,
});

test('a strict tool stays strict where the model enforces schemas, and is told where it does not', () => {
  const tools = [strictTool('f', closed({ path: { type: 'string' } }))];
  for (const model of ['claude-sonnet-4-5', 'claude-haiku-4-5-20251001', 'claude-opus-5', 'claude-fable-5']) {
    const { body, losses } = encode({ tools }, { model });
    assert.equal(body.tools?.[0]?.strict, true, model);
    assert.deepEqual(losses, []);
  }
  for (const model of ['claude-opus-4-1-20250805', 'claude-3-7-sonnet-latest', 'MiniMax-M2']) {
    const { body, losses } = encode({ tools }, { model });
    assert.equal(body.tools?.[0]?.strict, undefined, model);
    assert.deepEqual(losses, [
      { path: 'tools[0]', what: 'strict', why: 'the backend does not enforce schemas' },
    ]);
  }
  assert.equal(encode({ tools }, { quirks: { strictTools: false } }).losses.length, 1);
  assert.equal(
    encode({ tools }, { model: 'm', quirks: { strictTools: true } }).body.tools?.[0]?.strict,
    true,
  );
});

test('a schema that Anthropic cannot enforce is sent unenforced, with words about it, beside those it can', () => {
  const number = (more: object) => closed({ n: { type: 'integer', ...more } });
  const { body, losses } = encode({
    tools: [
      strictTool('bounds', number({ minimum: 1 })),
      strictTool('fine', number({})),
      strictTool('open', { type: 'object', properties: {} }),
    ],
  });
  assert.deepEqual(
    body.tools?.map(({ strict }) => strict),
    [undefined, true, undefined],
  );
  assert.deepEqual(
    losses.map(({ path, why }) => [path, why]),
    [
      ['tools[0]', 'Anthropic enforces no schema with minimum'],
      ['tools[2]', 'Anthropic enforces no schema with an object that is open to further properties'],
    ],
  );
});

test('no more is asked to be enforced than one request may', () => {
  const strictOnes = (
    parameters: Record<string, unknown>,
    count: number,
    format: Partial<TurnRequest> = {},
  ) => {
    const tools = Array.from({ length: count }, (_, at) => strictTool(`f${at}`, parameters));
    const { body } = encode({ tools, ...format });
    return body.tools?.filter(({ strict }) => strict === true).length;
  };
  assert.equal(strictOnes(closed({ a: { type: 'string' } }), 25), 20);
  assert.equal(strictOnes(closed({ a: { type: 'string' }, b: { type: 'string' } }, []), 20), 12);
  assert.equal(strictOnes(closed({ a: { type: ['string', 'null'] } }), 20), 16);
  const schema = closed({ a: { anyOf: [{ type: 'string' }, { type: 'null' }] } });
  const format: Partial<TurnRequest> = { responseFormat: { type: 'json-schema', name: 'n', schema } };
  assert.equal(strictOnes(closed({ a: { type: ['string', 'null'] } }), 20, format), 15);
});
