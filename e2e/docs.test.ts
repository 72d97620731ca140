import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { calledVerbs, localLinks } from './readme/markdown.ts';

const files = [
  'README.md',
  'CONTRIBUTING.md',
  'AGENTS.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...globSync('docs/**/*.md'),
];

/** Names of the verbs that `vigiles <verb> --help` lists. */
function verbsBelow(...verb: string[]): string[] {
  const help = execFileSync(process.execPath, ['packages/cli/src/vigiles.mjs', ...verb, '--help'], {
    encoding: 'utf8',
  });
  const list = /^Commands:\n([\s\S]*?)(?:\n\n|$(?![\s\S]))/m.exec(help)?.[1] ?? '';
  return [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name = '']) => name);
}

test('every relative link of the documentation points to something that is there', () => {
  const broken = files.flatMap((file) =>
    localLinks(readFileSync(file, 'utf8'))
      .filter((target) => !existsSync(join(dirname(file), decodeURIComponent(target))))
      .map((target) => `${file}: ${target}`),
  );
  assert.deepEqual(broken, []);
});

test('every vigiles verb that the documentation names is one', () => {
  const verbs = verbsBelow();
  assert.ok(verbs.includes('status'), 'the verbs of --help were not understood');
  const below = new Map(verbs.map((verb) => [verb, verb === 'help' ? [] : verbsBelow(verb)]));
  const unknown = files.flatMap((file) =>
    calledVerbs(readFileSync(file, 'utf8'))
      .filter((words) => {
        const [verb = '', next] = words.split(' ');
        const subverbs = below.get(verb);
        if (!subverbs) return true;
        return next !== undefined && subverbs.length > 0 && !subverbs.includes(next);
      })
      .map((words) => `${file}: vigiles ${words}`),
  );
  assert.deepEqual(unknown, []);
});
