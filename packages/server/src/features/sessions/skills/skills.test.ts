import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseSkill } from './parse-skill.ts';
import { scanFolders } from './scan-folders.ts';

const place = { folder: 'pdf', path: '/s/pdf/SKILL.md', owner: 'claude', updatedAt: 1 };

describe('a SKILL.md', () => {
  it('tells its name, description and whatever else its front matter says', () => {
    const text =
      '---\nname: pdf\ndescription: Reads <b>PDF</b>\nlicense: MIT\nmetadata:\n  version: "1"\n---\n# How\n';
    const skill = parseSkill(text, place);
    assert.deepEqual([skill.name, skill.description, skill.problems], ['pdf', 'Reads <b>PDF</b>', []]);
    assert.deepEqual(skill.metadata, { license: 'MIT', version: '1' });
  });

  it('is listed with what is wrong with it, and hostile content stays text', () => {
    const problems = (text: string) => parseSkill(text, place).problems.length;
    assert.equal(problems('no front matter'), 1);
    assert.equal(problems('---\nname: Other Name\ndescription: x\n---\n'), 1);
    assert.equal(problems('---\nname: other\n---\n'), 2);
    assert.equal(problems('---\n- a\n---\n'), 3);
    const bomb = `---\na: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\nname: pdf\n---\n`;
    assert.ok(problems(bomb) >= 1);
    const typed = parseSkill('---\nname: !!js/function "x"\ndescription: ${env:HOME} {{x}}\n---\n', place);
    assert.equal(typed.description, '${env:HOME} {{x}}');
    assert.equal(
      parseSkill(`---\nname: pdf\ndescription: ${'x'.repeat(9000)}\n---\n`, place).description.length,
      1024,
    );
  });

  it('is found in the folders of agents, through links, past circles and pipes', async () => {
    const root = mkdtempSync(join(tmpdir(), 'vigiles-skills-'));
    try {
      for (const name of ['a', 'group/b', 'piped']) mkdirSync(join(root, name), { recursive: true });
      for (const name of ['a', 'group/b'])
        writeFileSync(
          join(root, name, 'SKILL.md'),
          `---\nname: ${name.split('/').at(-1) ?? ''}\ndescription: d\n---\n`,
        );
      execFileSync('mkfifo', [join(root, 'piped', 'SKILL.md')]);
      symlinkSync(root, join(root, 'group', 'circle'));
      const found = await scanFolders([
        { path: root, owner: 'x' },
        { path: join(root, 'missing'), owner: 'y' },
      ]);
      assert.deepEqual([...new Set(found.map(({ name }) => name))], ['a', 'b']);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
