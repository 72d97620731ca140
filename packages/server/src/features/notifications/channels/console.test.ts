import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../../kernel/log.ts';
import { messageOf, sendOn } from '../testing/try-channel.ts';

test('the console writes a line of its severity, the text in its fields', async () => {
  const lines: [string, object, string][] = [];
  const write = (level: string) => (fields: object, message: string) =>
    void lines.push([level, fields, message]);
  const log = { ...silentLog, error: write('error'), info: write('info'), warn: write('warn') };
  await sendOn({ type: 'console' }, messageOf({ title: 'a\u001B[31m\nb' }), { log });
  await sendOn({ type: 'console' }, messageOf({ phase: 'resolved' }), { log });
  assert.deepEqual(
    lines.map(([level, fields, message]) => [level, (fields as { title: string }).title, message]),
    [
      ['error', 'a[31m b', 'notification'],
      ['info', 'Resolved: api is dead', 'notification'],
    ],
  );
});
