import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as always, constantFrom, property } from 'fast-check';
import { blockTypes, type Block, type Span } from './block.ts';
import { planPush } from './plan-push.ts';
import { decide } from './decide.ts';
import { readMarkdown } from './read-markdown.ts';
import { writeMarkdown } from './write-markdown.ts';

const known = (type: (typeof blockTypes)[number], text: string, more: object = {}): Block => ({
  type,
  text: text === '' ? [] : [{ text }],
  children: [],
  ...more,
});
const all: Block[] = [
  known('heading_1', 'One'),
  known('heading_2', 'Two'),
  known('heading_3', 'Three'),
  known('paragraph', 'Words with * and _ and [brackets] and `ticks`'),
  known('paragraph', ''),
  known('paragraph', '- no list, # no heading\nsecond line'),
  known('bulleted_list_item', 'a', {
    children: [known('bulleted_list_item', 'b', { children: [known('paragraph', 'c')] })],
  }),
  known('numbered_list_item', 'first'),
  known('to_do', 'open', { checked: false }),
  known('to_do', 'done', { checked: true }),
  known('toggle', 'more', { children: [known('code', 'inside()\n\n  x', { language: 'python' })] }),
  known('code', 'const a = "```";\n\n# no heading', { language: 'typescript' }),
  known('quote', 'said'),
  known('callout', 'mind this', { icon: '💡' }),
  known('divider', ''),
  { type: 'foreign', id: '0'.repeat(32), kind: 'image' },
];

test('the twelve types and what is nested in them come back as they went, and foreign blocks keep their place', () => {
  const types = new Set(all.map(({ type }) => type));
  assert.deepEqual(
    blockTypes.filter((type) => !types.has(type)),
    [],
  );
  const markdown = writeMarkdown(all);
  assert.deepEqual(readMarkdown(markdown), all);
  assert.equal(writeMarkdown(readMarkdown(markdown)), markdown);
});

test('looks of text come back: bold, italic, struck, code, links, and blanks beside them', () => {
  const text: Span[] = [
    { text: 'plain ' },
    { text: 'bold', bold: true },
    { text: ' and ' },
    { text: 'both', bold: true, italic: true },
    { text: ' ' },
    { text: 'gone', strike: true },
    { text: ' ' },
    { text: 'a`b', code: true },
    { text: ' ' },
    { text: 'here', link: 'https://example.org/a(b)?c=d' },
  ];
  const block: Block = { type: 'paragraph', text, children: [] };
  assert.deepEqual(readMarkdown(writeMarkdown([block])), [block]);
});

test('any plain text survives the way there and back', () => {
  const words = array(
    constantFrom(
      'a',
      'b c',
      '*',
      '**',
      '_',
      '~~',
      '`',
      '[x](y)',
      '<br',
      '\\',
      '# ',
      '- ',
      '1. ',
      '> ',
      '---',
      '```',
      '\n',
      '|',
    ),
    {
      maxLength: 12,
    },
  )
    .map((parts) =>
      parts
        .join('')
        .trim()
        .replaceAll(/[ ]+/g, ' ')
        .replaceAll(/ ?\n ?/g, '\n'),
    )
    .filter((text) => text !== '');
  always(
    property(words, (text) => {
      const [block] = readMarkdown(writeMarkdown([known('paragraph', text)]));
      assert.deepEqual(block, known('paragraph', text));
    }),
    { numRuns: 500 },
  );
});

test('Markdown as people write it is understood: wrapped lines, stars, tabs, CRLF', () => {
  assert.deepEqual(readMarkdown('one\r\ntwo\r\n\r\n* star\r\n\t* below\r\n\r\n***\r\n'), [
    known('paragraph', 'one two'),
    known('bulleted_list_item', 'star', { children: [known('bulleted_list_item', 'below')] }),
    known('divider', ''),
  ]);
});

test('whoever changed alone is followed, and where both did nothing is overwritten', () => {
  const base = { local: 'a', remote: 'a' };
  assert.equal(decide('a', 'a', null), 'in_step');
  assert.equal(decide(null, 'a', null), 'pull');
  assert.equal(decide('a', null, null), 'push');
  assert.equal(decide('a', 'b', null), 'conflict');
  assert.equal(decide('b', 'a', base), 'push');
  assert.equal(decide('a', 'b', base), 'pull');
  assert.equal(decide('b', 'c', base), 'conflict');
  assert.equal(decide('b', 'b', base), 'in_step');
  assert.equal(decide('a', null, base), 'pull');
  assert.equal(decide(null, 'a', base), 'pull');
});

test('a page is changed where it has to be: what is alike stays, foreign blocks stay in their place, inserts come before removes', () => {
  const words = (text: string) => known('paragraph', text);
  const unit = (id: string, block: Block) => ({ id, block });
  const foreign: Block = { type: 'foreign', id: 'f'.repeat(32), kind: 'image' };
  const remote = [unit('1', words('a')), unit('2', foreign), unit('3', words('b')), unit('4', words('c'))];
  assert.deepEqual(planPush(remote, [words('a'), foreign, words('b'), words('c')]), {
    inserts: [],
    removes: [],
  });
  assert.deepEqual(planPush(remote, [words('a'), foreign, words('new'), words('c')]), {
    inserts: [{ after: '2', blocks: [words('new')] }],
    removes: ['3'],
  });
  assert.deepEqual(
    planPush(remote, [words('first'), words('a'), words('second'), foreign, words('b'), words('c')]),
    {
      inserts: [{ after: '1', blocks: [words('first'), words('a'), words('second')] }],
      removes: ['1'],
    },
  );
  assert.deepEqual(planPush(remote, [words('all'), words('new')]), {
    inserts: [{ after: '1', blocks: [words('all'), words('new')] }],
    removes: ['1', '2', '3', '4'],
  });
  assert.deepEqual(planPush([], [words('x')]), {
    inserts: [{ after: null, blocks: [words('x')] }],
    removes: [],
  });
});
