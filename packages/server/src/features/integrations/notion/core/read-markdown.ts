import type { Block, BlockType, Span } from './block.ts';
import { readInline } from './inline.ts';

type Known = Exclude<Block, { type: 'foreign' }>;

const deepest = 8;
const block = (type: BlockType, text: Span[], more: Partial<Known> = {}): Known => ({
  type,
  text,
  children: [],
  ...more,
});

const starts: readonly [RegExp, (found: RegExpExecArray) => Block][] = [
  [/^<!-- notion:([0-9a-f-]{32,36}) (\w+) -->$/, ([, id = '', kind = '']) => ({ type: 'foreign', id, kind })],
  [
    /^(#{1,3}) (.*)$/,
    ([, marks = '', words = '']) => block(`heading_${marks.length}` as BlockType, inline(words)),
  ],
  [/^(?:---|\*\*\*|___)$/, () => block('divider', [])],
  [
    /^[-*] \[([ xX])\] ?(.*)$/,
    ([, mark = '', words = '']) => block('to_do', inline(words), { checked: mark !== ' ' }),
  ],
  [/^[-*] (.*)$/, ([, words = '']) => block('bulleted_list_item', inline(words))],
  [/^\+ (.*)$/, ([, words = '']) => block('toggle', inline(words))],
  [/^\d+[.)] (.*)$/, ([, words = '']) => block('numbered_list_item', inline(words))],
  [
    /^> \[!([^\]]*)\] ?(.*)$/,
    ([, icon = '', words = '']) => block('callout', inline(words), icon === '' ? {} : { icon }),
  ],
  [/^> ?(.*)$/, ([, words = '']) => block('quote', inline(words))],
];

const inline = (words: string): Span[] => (words === '<!-- -->' ? [] : readInline(words.trim()));

/** Markdown as blocks. Whatever has no marks of its own is a paragraph: no word is lost. */
export function readMarkdown(markdown: string): Block[] {
  const lines = markdown.replaceAll('\r\n', '\n').replaceAll('\t', '    ').split('\n');
  const roots: Block[] = [];
  /** The last block of each depth; a deeper line becomes its child. */
  const open: Block[] = [];
  /** Lines of the paragraph under way, and how deep it stands. */
  let words: string[] = [];
  let wordsDepth = 0;

  const place = (made: Block, wanted: number): void => {
    let depth = Math.min(wanted, open.length, deepest);
    let parent = open[depth - 1];
    while (
      depth > 0 &&
      (!parent || parent.type === 'foreign' || parent.type === 'divider' || parent.type === 'code')
    ) {
      depth -= 1;
      parent = open[depth - 1];
    }
    if (parent && parent.type !== 'foreign' && depth > 0) parent.children.push(made);
    else roots.push(made);
    open.splice(depth, open.length, made);
  };
  const endWords = (): void => {
    if (words.length > 0) {
      const [only = ''] = words;
      place(
        block('paragraph', words.length === 1 && only === '<br>' ? [] : readInline(words.join(' '))),
        wordsDepth,
      );
    }
    words = [];
  };

  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const blanks = /^ */.exec(line)?.[0].length ?? 0;
    const depth = Math.floor(blanks / 4);
    const rest = line.slice(depth * 4).trim();
    if (rest === '') {
      endWords();
      continue;
    }
    const fence = /^(`{3,})([^`]*)$/.exec(rest);
    const start = starts.find(([shape]) => shape.test(rest));
    if (fence) {
      endWords();
      const [, ticks = '', language = ''] = fence;
      const code: string[] = [];
      for (at += 1; at < lines.length && (lines[at] ?? '').trim() !== ticks; at += 1)
        code.push((lines[at] ?? '').replace(new RegExp(`^ {0,${depth * 4}}`), ''));
      const text = code.join('\n');
      place(
        block(
          'code',
          text === '' ? [] : [{ text }],
          language.trim() === '' ? {} : { language: language.trim() },
        ),
        depth,
      );
    } else if (start) {
      endWords();
      const found = start[0].exec(rest);
      if (found) place(start[1](found), depth);
    } else {
      if (words.length > 0 && wordsDepth !== depth) endWords();
      if (words.length === 0) wordsDepth = depth;
      words.push(rest);
    }
  }
  endWords();
  return roots;
}
