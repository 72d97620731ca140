import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calledVerbs, localLinks, shellBlocks, stepsOf } from './markdown.ts';

const fence = (language: string, body: string) => `\`\`\`${language}\n${body}\n\`\`\`\n`;

test('only blocks marked sh are shell, and a continued line is one command', () => {
  const text =
    fence('sh', '# why\nnpm start\ncurl a \\\n  -H b') + fence('yaml', 'server: {}') + fence('', 'out');
  assert.deepEqual(shellBlocks(text).map(stepsOf), [['npm start', 'curl a -H b']]);
});

test('links and pictures of the repository are found; addresses, anchors and code are not', () => {
  const text = [
    '[a](docs/a.md#part) [b](https://example.com) [c](#here) `[d](none)`',
    '<img src="x.png"> <source srcset="y.png">',
    fence('ts', 'list[0](call)'),
  ].join('\n');
  assert.deepEqual(localLinks(text), ['docs/a.md', 'x.png', 'y.png']);
});

test('verbs are read where vigiles is called as a command, in blocks, spans and substitutions', () => {
  const text = [
    'Vigiles status is prose. `vigiles nonsense` is a call, `~/.vigiles/log` is none.',
    fence(
      'sh',
      'npm run vigiles -- device pair x --token\nexport T=$(vigiles secret list)\nsource <(vigiles health)',
    ),
  ].join('\n');
  assert.deepEqual(calledVerbs(text).toSorted(), ['device pair', 'health', 'nonsense', 'secret list']);
});
