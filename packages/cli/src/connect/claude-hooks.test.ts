import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claudeHookEvents } from '@vigiles/contract';
import type { AgentConnection } from './agent.ts';
import { claude } from './claude.ts';
import { addJsonItem, removeJsonItems } from './edit-json.ts';

const connection: AgentConnection = {
  origin: 'http://127.0.0.1:8766',
  baseUrl: 'http://127.0.0.1:8766/v1',
  token: 'vgl_token',
  model: undefined,
  models: [],
  hooks: 'http://127.0.0.1:8765',
};
const [file] = claude.files;
assert.ok(file);

const own = `{
  "model":  "opus",
  "hooks": {
    "PreToolUse": [
      {"matcher": "Bash", "hooks": [{"type": "command", "command": "lint"}]}
    ],
    "Stop": []
  }
}
`;

test('every hook is added once, whatever other hooks there are, and goes again without a trace', () => {
  for (const before of ['', '{}\n', own, '{"hooks": {}}', own.replaceAll('\n', '\r\n')]) {
    const after = file.connect(before, connection);
    const { hooks } = JSON.parse(after) as { hooks: Record<string, unknown[]> };
    for (const event of claudeHookEvents) assert.ok(hooks[event]?.length, event);
    assert.equal(file.connect(after, connection), after, 'twice is once');
    const back = file.disconnect(after, before, connection);
    assert.equal(back, before === '' ? '{}\n' : before);
  }
});

test('hooks of an earlier connection are replaced, and the person’s changes since are kept', () => {
  const first = file.connect(own, connection);
  const second = file.connect(first, { ...connection, token: 'vgl_second', hooks: 'http://127.0.0.1:9000' });
  assert.ok(!second.includes('vgl_token') && !second.includes(':8765'));
  assert.equal(second.split('/PreToolUse"').length, 2, 'one of each');
  const edited = second.replace('"command": "lint"', '"command": "lint --fix"');
  assert.equal(
    file.disconnect(edited, own, { ...connection, hooks: 'http://127.0.0.1' }).includes('lint --fix'),
    true,
  );
  assert.equal(file.connectedAs(second)?.token, 'vgl_second');
});

test('the token is found where only hooks hold it, and comments say why nothing is done', () => {
  const after = file.connect('', { ...connection, withoutGateway: true });
  assert.ok(!after.includes('ANTHROPIC_BASE_URL'));
  assert.deepEqual(file.connectedAs(after), { token: 'vgl_token', address: 'http://127.0.0.1:8765' });
  // Claude Code itself leaves such a file aside as a whole.
  assert.throws(() => file.connect('{\n  // mine\n}', connection), /comment/);
  assert.throws(() => file.connect('{"hooks": {"Stop": {}}}', connection), /hooks\.Stop is not a list/);
});

test('elements come and go without touching a byte of the others', () => {
  const meant = (value: unknown) => value === 9;
  for (const before of ['{"a": [1, 2]}', '{"a": [\n  1,\n  2\n]}', '{"a": []}', '{"b": 1}']) {
    const after = addJsonItem(before, ['a'], 9);
    assert.deepEqual((JSON.parse(after) as { a: number[] }).a.at(-1), 9);
    const back = removeJsonItems(after, ['a'], meant);
    if (before.includes('"a"')) assert.equal(back, before);
  }
  assert.equal(removeJsonItems('{"a": [9, 1, 9]}', ['a'], meant), '{"a": [1]}');
});
