import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';

const source = readFileSync(new URL('../../../public/push-worker.js', import.meta.url), 'utf8');

interface Shown {
  title: string;
  options: { body: string; tag: string; data: { path: string } };
}

/** The worker in a world of its own; what it shows for a pushed text. */
function push(text: string): Shown {
  const handlers = new Map<string, (event: object) => void>();
  let shown: Shown | undefined;
  const self = {
    addEventListener: (name: string, handler: (event: object) => void) => handlers.set(name, handler),
    registration: {
      showNotification: (title: string, options: Shown['options']) => (shown = { title, options }),
    },
  };
  runInNewContext(source, { self, URL });
  handlers.get('push')?.({ data: { json: () => JSON.parse(text) as unknown }, waitUntil: () => undefined });
  return shown ?? assert.fail('nothing was shown');
}

test('what is pushed is shown under its incident and leads there, and nowhere else', () => {
  const { title, options } = push(
    '{"title":"api is dead","body":"x","tag":"inc_1","path":"/incidents/inc_1"}',
  );
  assert.deepEqual(
    [title, options.body, options.tag, options.data.path],
    ['api is dead', 'x', 'inc_1', '/incidents/inc_1'],
  );
  assert.equal(push('{"path":"https://evil.example"}').options.data.path, '/notifications');
  assert.equal(push('no json').title, 'Vigiles');
});
