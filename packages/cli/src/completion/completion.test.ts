import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { createProgram } from '../program.ts';
import { bash, fish, zsh } from './scripts.ts';
import { wordsAfter } from './words.ts';

const all = wordsAfter(createProgram());

/** What a real bash offers at the end of each line. */
function offered(lines: readonly string[]): string[][] {
  const script = `${bash(all)}
vigiles() { [[ $1 == ids ]] && printf '%s-one\\n%s-two\\n' "$2" "$2"; }
offer() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _vigiles; echo "\${COMPREPLY[*]}"; }
${lines
  .map(
    (line) =>
      `offer vigiles ${line
        .split(' ')
        .map((word) => `'${word}'`)
        .join(' ')}`,
  )
  .join('\n')}`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  return stdout.split('\n').map((line) => line.split(' ').filter((word) => word !== ''));
}

test('bash is offered verbs, options, the values of options, and ids, also after an option with its value', () => {
  const wanted: readonly (readonly [string, readonly string[]])[] = [
    ['workf', ['workflows']],
    ['session ha', ['halt']],
    ['halt ', ['session-one', 'session-two']],
    ['halt session-one ', []],
    ['retry 4711 --rea', ['--reason']],
    ['logs --le', ['--level']],
    ['logs --level w', ['warn']],
    ['logs -l e', ['error']],
    ['logs --level warn --cat', ['--category']],
    ['--home /tmp stat', ['status']],
    ['github --he', ['--help']],
    ['retry ', ['ci-run-one', 'ci-run-two']],
    ['nonsense ', []],
  ];
  const seen = offered(wanted.map(([line]) => line));
  for (const [at, [line, words]] of wanted.entries()) assert.deepEqual(seen[at], words, line);
});

test('every shell knows every verb, and what is made up for completion stays hidden', () => {
  for (const script of [bash(all), zsh(all), fish(all)]) {
    for (const verb of ['workflows', 'incidents', 'device pair', 'session rollback', 'plugin install'])
      assert.ok(script.includes(verb), verb);
    assert.ok(!script.includes("'ids'"));
  }
});

test('the file of zsh completes at the first Tab, whether it is sourced or found in fpath', () => {
  assert.match(zsh(all), /^#compdef vigiles\n/);
  assert.match(zsh(all), /funcstack\[1\]\} == _vigiles \]\]; then _vigiles "\$@"; else compdef/);
});
