import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { messageOf, sendOn } from '../testing/try-channel.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigiles-desktop-'));
const path = process.env['PATH'];
after(() => {
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true, force: true });
});

test('the text reaches the program as arguments, never as options, markup or a command', async () => {
  const out = join(folder, 'out');
  for (const program of ['notify-send', 'osascript']) {
    writeFileSync(join(folder, program), `#!/bin/sh\nprintf '%s\\n' "$@" > ${out}\n`);
    chmodSync(join(folder, program), 0o755);
  }
  process.env['PATH'] = `${folder}${delimiter}${path}`;
  const sent = await sendOn(
    { type: 'desktop' },
    messageOf({ title: '--help $(touch x)', message: '<b>x</b>; rm -rf "~"' }),
  );
  assert.ok(sent.ok, JSON.stringify(sent));
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  assert.ok(lines.includes('--help $(touch x)'));
  if (process.platform === 'linux')
    assert.deepEqual(lines.slice(-3), ['--', '--help $(touch x)', '&lt;b&gt;x&lt;/b&gt;; rm -rf "~"']);
});

test('a machine without the program says which is missing', async () => {
  process.env['PATH'] = join(folder, 'nothing');
  const sent = await sendOn({ type: 'desktop' }, messageOf());
  assert.match(sent.ok ? '' : sent.reason, /is not installed$/);
});
