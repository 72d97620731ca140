import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { CallableTool } from '../types.ts';
import { repairArguments } from './repair-arguments.ts';

const tool: CallableTool = {
  kind: 'function',
  name: 'run',
  parameters: {
    type: 'object',
    properties: {
      command: { type: 'string' },
      timeout: { type: 'integer' },
      ratio: { type: 'number' },
      dryRun: { type: 'boolean' },
      tags: { type: 'array', items: { type: 'string' } },
      mode: { type: 'string', enum: ['Fast', 'slow'] },
      options: { type: 'object', properties: { depth: { type: 'integer' } } },
      either: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
    },
    required: ['command'],
  },
};
const fnOf = (
  properties: Record<string, unknown>,
  required: string[],
): CallableTool & { kind: 'function' } => ({
  kind: 'function',
  name: 'other',
  parameters: { type: 'object', properties, required },
});
const fixed = (input: string): unknown => JSON.parse(repairArguments({ input }, tool).input);

test('clean arguments come back as the very same text', () => {
  for (const input of [
    '{"command": "ls"}',
    '{ "command":"ls","timeout":5,"tags":["a"],"either":"5" }',
    '{"command":"ls","id":12345678901234567890}',
    '',
  ]) {
    assert.deepEqual(repairArguments({ input }, tool), { input, repairs: [], faults: [] });
  }
});

test('JSON in a string in a string is unpacked', () => {
  const once = JSON.stringify({ command: 'ls' });
  assert.deepEqual(fixed(JSON.stringify(once)), { command: 'ls' });
  assert.deepEqual(fixed(JSON.stringify(JSON.stringify(once))), { command: 'ls' });
});

test('types are put right by the schema, where there is one way to', () => {
  assert.deepEqual(
    fixed(
      '{"command": 5, "timeout": "5", "ratio": "0.5", "dryRun": "True", "tags": "a", "options": "{\\"depth\\": \\"2\\"}"}',
    ),
    { command: '5', timeout: 5, ratio: 0.5, dryRun: true, tags: ['a'], options: { depth: 2 } },
  );
  assert.deepEqual(fixed('{"command": "ls", "mode": "FAST"}'), { command: 'ls', mode: 'Fast' });
});

test('what could mean two things is left alone', () => {
  for (const input of [
    '{"command": "ls", "timeout": "5 seconds"}',
    '{"command": "ls", "timeout": "5.5"}',
    '{"command": "ls", "dryRun": "yes"}',
    '{"command": "ls", "either": "5"}',
    '{"command": "ls", "tags": {"a": 1}}',
    'ls -la',
    '{"command": "a" "b"}',
  ])
    assert.equal(repairArguments({ input }, tool).input, input);
});

test('a call that its schema allows comes back as it was, whatever its texts look like', () => {
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((json) => ` ${json}`),
  );
  const valid = fc.record(
    {
      command: text.filter((each) => !/^\s*\{/.test(each)),
      timeout: fc.integer(),
      ratio: fc.double({ noNaN: true, noDefaultInfinity: true }),
      dryRun: fc.boolean(),
      tags: fc.array(text),
      mode: fc.constantFrom('Fast', 'slow'),
      options: fc.record({ depth: fc.integer(), note: text }, { requiredKeys: [] }),
      either: fc.oneof(text, fc.integer()),
    },
    { requiredKeys: ['command'] },
  );
  fc.assert(
    fc.property(valid, (args) => {
      const input = JSON.stringify(args);
      assert.deepEqual(repairArguments({ input }, tool).repairs, []);
      assert.equal(repairArguments({ input }, tool).input, input);
    }),
    { numRuns: 1000 },
  );
});

test('a file whose text is JSON with one key of that name is written as it is', () => {
  const write = fnOf({ path: { type: 'string' }, content: { type: 'string' } }, ['path', 'content']);
  const input = JSON.stringify({ path: 'a.json', content: '{"content": "b"}' });
  assert.deepEqual(repairArguments({ input }, write), { input, repairs: [], faults: [] });
});

test('what a tool takes without naming it is neither renamed nor unwrapped', () => {
  const open = { ...fnOf({ dryRun: { type: 'boolean' } }, []) };
  open.parameters = { ...open.parameters, additionalProperties: true };
  for (const input of ['{"dry_run":true}', '{"arguments":{"a":1}}'])
    assert.equal(repairArguments({ input }, open).input, input);
  const anything = fnOf({}, []);
  assert.equal(repairArguments({ input: '{"input":{"a":1}}' }, anything).input, '{"input":{"a":1}}');
});

test('null for an argument that may be left out, and may not be null, leaves it out', () => {
  assert.deepEqual(fixed('{"command": "ls", "timeout": null, "options": {"depth": null}}'), {
    command: 'ls',
    options: {},
  });
  const nullable = fnOf({ limit: { type: ['integer', 'null'] }, path: { type: 'string' } }, ['path']);
  const kept = '{"limit":null,"path":"a"}';
  assert.equal(repairArguments({ input: kept }, nullable).input, kept);
  const none = repairArguments({ input: '{"limit":"None","path":"a"}' }, nullable);
  assert.deepEqual(JSON.parse(none.input), { limit: null, path: 'a' });
  assert.equal(repairArguments({ input: '{"path":null}' }, nullable).input, '{"path":null}');
});

test('an object or list in a string, in a string, or as Python prints it, is unpacked where one is wanted', () => {
  const twice = JSON.stringify(JSON.stringify({ depth: 2 }));
  assert.deepEqual(fixed(`{"command": "ls", "options": ${JSON.stringify(twice)}}`), {
    command: 'ls',
    options: { depth: 2 },
  });
  assert.deepEqual(fixed(`{"command": "ls", "options": "{'depth': 2,}", "tags": "['a', 'b']"}`), {
    command: 'ls',
    options: { depth: 2 },
    tags: ['a', 'b'],
  });
  assert.deepEqual(fixed(JSON.stringify({ command: 'ls', tags: JSON.stringify('["a"]') })), {
    command: 'ls',
    tags: ['a'],
  });
});

test('each repair says what it did, and never a value', () => {
  const kinds = (input: string): string[] =>
    repairArguments({ input }, tool).repairs.map(({ kind, detail }) => `${kind}: ${detail}`);
  assert.deepEqual(kinds('{"cmd": "ls", "timeout": "5", "dry_run": null'), [
    'closed-json: missing brackets or quote at the end',
    'argument-name: dry_run → dryRun',
    'argument-name: cmd → command',
    'argument-type: timeout: string → number',
    'argument-type: dryRun: null → left out',
  ]);
  assert.deepEqual(kinds("{'Command': 'ls',}"), [
    'lenient-json: not quite JSON',
    'argument-name: Command → command',
  ]);
});

test('missing brackets and quotes at the end are closed', () => {
  assert.deepEqual(fixed('{"command": "ls", "options": {"depth": 1'), {
    command: 'ls',
    options: { depth: 1 },
  });
  assert.deepEqual(fixed('{"command": "ls'), { command: 'ls' });
  assert.deepEqual(fixed('{"command": "ls}'), { command: 'ls' });
  assert.deepEqual(fixed("{'command': 'ls', 'dryRun': True,}"), { command: 'ls', dryRun: true });
});

test('near names are put right, and never over what is there', () => {
  assert.deepEqual(fixed('{"cmd": "ls", "dry_run": true}'), { command: 'ls', dryRun: true });
  for (const input of ['{"cmd": "ls", "command": "pwd"}', '{"cmd": "ls", "script": "pwd"}'])
    assert.equal(repairArguments({ input }, tool).input, input);
});

test('a required argument is never invented', () => {
  for (const input of ['{"timeout": "5"}', '{}', '{"arguments": {"timeout": "5"}}', '"{}"'])
    assert.equal(repairArguments({ input }, tool).input, input);
});

test('arguments inside arguments are unwrapped', () => {
  assert.deepEqual(fixed('{"arguments": {"command": "ls"}}'), { command: 'ls' });
  assert.deepEqual(fixed('{"name": "run", "parameters": "{\\"command\\": \\"ls\\"}"}'), { command: 'ls' });
  assert.deepEqual(fixed('{"command": "{\\"cmd\\": \\"ls\\"}"}'), { command: 'ls' });
});

test('one line for a tool that takes words goes through the shell', () => {
  const words: CallableTool = {
    kind: 'function',
    name: 'shell',
    parameters: {
      type: 'object',
      properties: { command: { type: 'array', items: { type: 'string' } } },
      required: ['command'],
    },
  };
  const input = (text: string): unknown => JSON.parse(repairArguments({ input: text }, words).input);
  assert.deepEqual(input('{"command": "ls -la"}'), { command: ['bash', '-lc', 'ls -la'] });
  assert.deepEqual(input('{"command": "ls"}'), { command: ['ls'] });
  assert.deepEqual(input('{"cmd": ["ls", "-la"]}'), { command: ['ls', '-la'] });
});

test('free text in JSON clothes is undressed for a custom tool', () => {
  const patch = '*** Begin Patch\n*** End Patch';
  const custom: CallableTool = { kind: 'custom', name: 'apply_patch' };
  const repaired = repairArguments({ input: JSON.stringify({ input: patch }) }, custom);
  assert.equal(repaired.input, patch);
  assert.equal(repaired.repairs[0]?.kind, 'custom-input');
  assert.deepEqual(repairArguments({ input: patch }, custom).repairs, []);
});

test('integers that JavaScript cannot hold are not touched', () => {
  const input = '{"cmd": "ls", "id": 12345678901234567890}';
  assert.equal(repairArguments({ input }, tool).input, input);
});

test('any text at all is survived, and what is repaired is JSON and stays as it is', () => {
  const near = fc.json().chain((json) => fc.nat(json.length).map((cut) => json.slice(0, cut)));
  fc.assert(
    fc.property(fc.oneof(fc.string(), near, fc.json()), (input) => {
      const first = repairArguments({ input }, tool);
      if (first.repairs.length === 0) assert.equal(first.input, input);
      else assert.equal(repairArguments({ input: first.input }, tool).input, first.input);
    }),
    { numRuns: 2000 },
  );
});
