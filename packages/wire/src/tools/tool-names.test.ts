import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { ToolDefinition } from '../canonical/index.ts';
import { createToolNames } from './tool-names.ts';

function tool(name: string, namespace?: string): ToolDefinition {
  return { kind: 'function', name, parameters: {}, ...(namespace && { namespace }) };
}

test('a plain legal name stays as it is', () => {
  const names = createToolNames([tool('exec_command')]);
  assert.equal(names.flatten({ name: 'exec_command' }), 'exec_command');
});

// openai/codex#23186
test('namespace tools are flattened and restored with kind, name and namespace', () => {
  const names = createToolNames([
    tool('read', 'mcp__files'),
    { kind: 'custom', name: 'exec', namespace: 'functions' },
  ]);
  assert.equal(names.flatten({ name: 'read', namespace: 'mcp__files' }), 'mcp__files__read');
  assert.deepEqual(names.restore('mcp__files__read'), {
    kind: 'function',
    name: 'read',
    namespace: 'mcp__files',
  });
  assert.deepEqual(names.restore('functions__exec'), {
    kind: 'custom',
    name: 'exec',
    namespace: 'functions',
  });
});

test('other spellings of a known tool are understood', () => {
  const names = createToolNames([tool('read', 'mcp__files'), tool('look up')]);
  const wanted = { kind: 'function', name: 'read', namespace: 'mcp__files' };
  for (const spelling of [
    'mcp__files.read',
    'mcp__files/read',
    'read',
    'functions.read',
    'functions.mcp__files__read',
  ]) {
    assert.deepEqual(names.restore(spelling), wanted, spelling);
  }
  assert.deepEqual(names.restore('look up'), { kind: 'function', name: 'look up' });
});

test('a bare name that two namespaces share is not guessed', () => {
  const names = createToolNames([tool('read', 'a'), tool('read', 'b')]);
  assert.deepEqual(names.restore('read'), { kind: 'function', name: 'read' });
});

test('an unknown name passes through as a function', () => {
  assert.deepEqual(createToolNames([]).restore('made_up'), { kind: 'function', name: 'made_up' });
});

test('the first of two colliding tools keeps the plain name, and a later tool renames nothing', () => {
  const first = [tool('b', 'a'), tool('c', 'a')];
  const before = createToolNames(first);
  const after = createToolNames([...first, tool('a__b')]);
  assert.equal(after.flatten({ name: 'b', namespace: 'a' }), 'a__b');
  assert.notEqual(after.flatten({ name: 'a__b' }), 'a__b');
  assert.equal(after.flatten({ name: 'c', namespace: 'a' }), before.flatten({ name: 'c', namespace: 'a' }));
});

test('a history call whose namespace was left out means the offered tool', () => {
  const names = createToolNames([{ kind: 'custom', name: 'exec', namespace: 'functions' }]);
  assert.equal(names.flatten({ name: 'exec' }), 'functions__exec');
});

test('a tool that is no longer offered still flattens and comes back', () => {
  const names = createToolNames([]);
  assert.deepEqual(names.restore(names.flatten({ name: 'x', namespace: 'gone' })), {
    kind: 'function',
    name: 'x',
    namespace: 'gone',
  });
});

test('any names become legal, distinct, reversible and the same every time', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 });
  const reference = fc.record({ name, namespace: fc.option(name, { nil: undefined }) });
  const key = (value: { name: string; namespace?: string | undefined }) =>
    JSON.stringify([value.namespace, value.name]);
  fc.assert(
    fc.property(fc.uniqueArray(reference, { selector: key, maxLength: 12 }), (references) => {
      const tools = references.map((value) => tool(value.name, value.namespace));
      const names = createToolNames(tools);
      const again = createToolNames(tools);
      const flat = tools.map((definition) => names.flatten(definition));
      assert.equal(new Set(flat).size, flat.length);
      for (const [at, definition] of tools.entries()) {
        assert.match(flat[at] ?? '', /^[a-zA-Z0-9_-]{1,64}$/);
        assert.equal(again.flatten(definition), flat[at]);
        const restored = names.restore(flat[at] ?? '');
        assert.equal(key(restored), key(definition as { name: string; namespace?: string }));
      }
    }),
  );
});
