import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isReadme, longestReadme, readmeText } from './readme-text.ts';

test('a README is text without anything that acts on a terminal or turns words around', () => {
  const said = '# Disk\r\n\u001b[31mred\u001b[0m\ttab\u0000 \u202egpj.exe <script>alert(1)</script>\n';
  assert.deepEqual(readmeText(Buffer.from(said), said.length), {
    text: '# Disk\n[31mred[0m\ttab gpj.exe <script>alert(1)</script>',
    truncated: false,
  });
  assert.equal(readmeText(Buffer.from(' \n'), 2), null);
});

test('a long README is cut and says so, also in the middle of a letter', () => {
  const bytes = Buffer.from(`a${'é'.repeat(longestReadme)}`);
  const read = readmeText(bytes, bytes.length);
  assert.equal(read?.truncated, true);
  assert.ok((read?.text.length ?? 0) <= longestReadme);
});

test('only the README at the root is one', () => {
  assert.deepEqual(
    ['README.md', 'readme', 'Readme.txt', 'docs/README.md', 'README.md/x', 'READMES.md'].filter(isReadme),
    ['README.md', 'readme', 'Readme.txt'],
  );
});
