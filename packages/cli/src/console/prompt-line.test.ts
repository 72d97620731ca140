import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { createPromptLine } from './prompt-line.ts';

/** A terminal that nobody sees; what was written to it so far. */
function stage() {
  const output = Object.assign(new PassThrough(), {
    columns: 80,
    isTTY: true,
  }) as unknown as NodeJS.WriteStream;
  let written = '';
  output.on('data', (chunk: Buffer) => (written += chunk.toString()));
  const reader = createInterface({ input: new PassThrough(), output, terminal: true, prompt: 'vigiles> ' });
  return { reader, line: createPromptLine(reader, output), written: () => written };
}

test('a notice appears above the prompt, which is drawn again', (t) => {
  const { reader, line, written } = stage();
  t.after(() => reader.close());
  reader.prompt();
  line.above('gateway is UP');
  assert.match(written(), /gateway is UP\n(.*)vigiles> /s);
});

test('a notice that still waits when the prompt was closed is written, and no prompt after it', () => {
  const { reader, line, written } = stage();
  reader.prompt();
  reader.close();
  line.above('gateway is UP');
  assert.match(written(), /gateway is UP\n$/);
});
