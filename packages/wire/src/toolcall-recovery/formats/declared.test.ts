import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToolDefinition } from '../../canonical/index.ts';
import { createToolCallRecovery } from '../create-recovery.ts';
import { textEvents } from '../recover-text.test-support.ts';
import { declaredFormat, type DeclaredFormat } from './declared.ts';

const tools: ToolDefinition[] = [
  {
    kind: 'function',
    name: 'read_file',
    description: '',
    parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
  },
];

function read(format: DeclaredFormat, chunks: readonly string[]) {
  let ids = 0;
  const recovery = createToolCallRecovery({
    tools,
    newId: (prefix) => `${prefix}_${++ids}`,
    formats: [declaredFormat(format)],
  });
  const events = textEvents(chunks).flatMap((event) => recovery.push(event));
  return {
    text: events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join(''),
    calls: events.flatMap((event) => (event.type === 'tool-call-end' ? [event.input] : [])),
    formats: recovery.repairs().map(({ detail }) => detail),
  };
}

const call = { name: 'acme/own', open: ['<|acme_call|>'], close: ['<|/acme_call|>'] } as const;

test('a declared format with the usual fields becomes a call, and what stands around it stays text', () => {
  const text = 'Looking.\n<|acme_call|>{"name":"read_file","arguments":{"path":"a"}}<|/acme_call|> Done.';
  const found = read({ ...call, payload: 'json' }, [text]);
  assert.deepEqual(found.calls, ['{"path":"a"}']);
  assert.match(found.text, /^Looking\.\s+Done\.$/);
});

test('it is found however the text was cut into pieces', () => {
  const text = '<|acme_call|>[{"do":"read_file","with":{"path":"a"}},{"do":"read_file","with":{"path":"b"}}]';
  const format: DeclaredFormat = { ...call, payload: 'json', nameKey: 'do', argumentsKey: 'with' };
  assert.deepEqual(read(format, text.split('')).calls, ['{"path":"a"}', '{"path":"b"}']);
  assert.deepEqual(read(format, [`${text}<|/acme_call|>`]).calls, ['{"path":"a"}', '{"path":"b"}']);
});

test('names as keys, and names before the arguments, are read too', () => {
  const keyed = read({ ...call, payload: 'keyed_json' }, [
    '<|acme_call|>{"read_file":{"path":"k"}}<|/acme_call|>',
  ]);
  assert.deepEqual(keyed.calls, ['{"path":"k"}']);
  const named = read({ ...call, payload: 'named_json', separator: '=>' }, [
    '<|acme_call|>read_file => {"path":"n"}<|/acme_call|>',
  ]);
  assert.deepEqual(named.calls, ['{"path":"n"}']);
});

test('an unknown tool, a broken object and other words after it stay text', () => {
  for (const text of [
    '<|acme_call|>{"name":"no_such_tool","arguments":{}}<|/acme_call|>',
    '<|acme_call|>{"name":"read_file","argu',
    '<|acme_call|> is how this model calls',
  ]) {
    const found = read({ ...call, payload: 'json' }, [text]);
    assert.deepEqual(found.calls, []);
    assert.equal(found.text, text);
  }
});

test('a built-in format keeps what it reads', () => {
  const greedy: DeclaredFormat = { ...call, open: ['<tool_call>'], close: ['</tool_call>'], payload: 'json' };
  const text = '<tool_call>{"name":"read_file","arguments":{"path":"a"}}</tool_call>';
  const found = read(greedy, [text]);
  assert.equal(found.calls.length, 1);
  assert.ok(found.formats.every((detail) => !detail.includes('acme')));
});
