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
    '{"command": "ls", "timeout": null}',
    '{"command": "ls", "tags": {"a": 1}}',
    'ls -la',
    '{"command": "a" "b"}',
  ])
    assert.equal(repairArguments({ input }, tool).input, input);
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
