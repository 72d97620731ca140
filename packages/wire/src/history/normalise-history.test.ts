import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssistantPart, Message, ToolResultPart } from '../canonical/index.ts';
import { normaliseHistory } from './normalise-history.ts';

const user = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text }] });
const call = (id: string, input = '{}'): AssistantPart => ({
  type: 'tool-call',
  kind: 'function',
  id,
  name: 'f',
  input,
});
const result = (callId: string, text = callId): ToolResultPart => ({
  type: 'tool-result',
  kind: 'function',
  callId,
  content: [{ type: 'text', text }],
});
const says = (...parts: AssistantPart[]): Message => ({ role: 'assistant', parts });
const got = (...parts: ToolResultPart[]): Message => ({ role: 'tool', parts });

/** The order of a history in short: `u`, `a(c1,c2)`, `t(c1,c2)`. */
function outline(messages: readonly Message[]): string {
  return messages
    .map(({ role, parts }) => {
      const ids = parts.flatMap((part) =>
        part.type === 'tool-call' ? [part.id] : part.type === 'tool-result' ? [part.callId] : [],
      );
      return role.charAt(0) + (ids.length ? `(${ids.join()})` : '');
    })
    .join(' ');
}

test('an ordered history stays as it is', () => {
  const messages = [user('q'), says(call('a'), call('b')), got(result('a'), result('b')), user('q')];
  assert.deepEqual(normaliseHistory(messages), { messages, losses: [] });
});

test('results stand directly after their calls, in call order', () => {
  const { messages, losses } = normaliseHistory([
    says(call('a'), call('b')),
    user('steer'),
    got(result('b')),
    got(result('a')),
  ]);
  assert.equal(outline(messages), 'a(a,b) t(a,b) u');
  assert.deepEqual(losses, []);
});

test('a call that another assistant message cuts off from its result joins that message', () => {
  const { messages } = normaliseHistory([says(call('a')), says(call('b')), got(result('a'), result('b'))]);
  assert.equal(outline(messages), 'a(a,b) t(a,b)');
});

test('assistant messages without calls stay apart', () => {
  const { messages } = normaliseHistory([
    says({ type: 'text', text: 'x' }),
    says(call('a')),
    got(result('a')),
  ]);
  assert.equal(outline(messages), 'a a(a) t(a)');
});

test('a call without a result gets a stub', () => {
  const { messages, losses } = normaliseHistory([
    says(call('a'), call('b')),
    got(result('b')),
    user('go on'),
  ]);
  assert.equal(outline(messages), 'a(a,b) t(a,b) u');
  assert.deepEqual(losses, []);
});

test('a result without a call becomes user text and is reported', () => {
  const { messages, losses } = normaliseHistory([user('q'), got(result('gone', 'the answer'))]);
  assert.equal(outline(messages), 'u u');
  assert.match(JSON.stringify(messages[1]), /the answer/);
  assert.equal(losses[0]?.path, 'messages[1].parts[0]');
});

test('repeated results and repeated calls are left out and reported', () => {
  const { messages, losses } = normaliseHistory([
    says(call('a')),
    got(result('a', 'first'), result('a', 'second')),
    says(call('a')),
  ]);
  // The second use of the id has its own result: it is a new call of a model that reuses ids.
  assert.equal(outline(messages), 'a(a) t(a) a(a_2) t(a_2)');
  assert.deepEqual(losses, []);
  const repeated = normaliseHistory([says(call('a'), call('a')), got(result('a'))]);
  assert.equal(outline(repeated.messages), 'a(a) t(a)');
  assert.equal(repeated.losses.length, 1);
  const twice = normaliseHistory([says(call('a')), got(result('a')), got(result('a'))]);
  assert.equal(outline(twice.messages), 'a(a) t(a)');
  assert.equal(twice.losses.length, 1);
});

test('a result takes the kind of its call', () => {
  const custom: AssistantPart = { type: 'tool-call', kind: 'custom', id: 'a', name: 'f', input: 'x' };
  const { messages } = normaliseHistory([says(custom), got(result('a'))]);
  const [part] = messages[1]?.parts ?? [];
  assert.equal(part?.type === 'tool-result' && part.kind, 'custom');
});

test('the given history is not changed', () => {
  const messages = [got(result('b')), says(call('a')), says(call('b')), user('x'), got(result('a'))];
  const before = structuredClone(messages);
  assert.equal(outline(normaliseHistory(messages).messages), 'a(a,b) t(a,b) u');
  assert.deepEqual(messages, before);
});
