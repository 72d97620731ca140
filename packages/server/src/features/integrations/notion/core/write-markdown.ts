import type { Block } from './block.ts';
import { writeInline } from './inline.ts';

const indent = '    ';
const lists = new Set(['bulleted_list_item', 'numbered_list_item', 'to_do', 'toggle']);
const heads: Record<string, string> = {
  heading_1: '# ',
  heading_2: '## ',
  heading_3: '### ',
  bulleted_list_item: '- ',
  numbered_list_item: '1. ',
  toggle: '+ ',
  quote: '> ',
};

/** A line of plain text that would read as something else gets a backslash. */
const shielded = (line: string): string =>
  line.replace(/^(\s*)(#{1,3} |[-+] |>|---$)/, '$1\\$2').replace(/^(\s*\d+)([.)] )/, '$1\\$2');

function linesOf(block: Block): string[] {
  if (block.type === 'foreign') return [`<!-- notion:${block.id} ${block.kind} -->`];
  const { type, text } = block;
  if (type === 'divider') return ['---'];
  if (type === 'code') {
    const code = text.map((span) => span.text).join('');
    const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
    const fence = '`'.repeat(longest + 1);
    return [`${fence}${block.language ?? ''}`, ...code.split('\n'), fence];
  }
  const words = writeInline(text);
  if (type === 'to_do') return [`- [${block.checked ? 'x' : ' '}] ${words}`];
  if (type === 'callout') return [`> [!${(block.icon ?? '').replaceAll(/[\]\n]/g, '')}] ${words}`];
  if (type === 'paragraph') return [words === '' ? '<br>' : shielded(words)];
  return [
    `${heads[type] ?? ''}${words}`.trimEnd() === (heads[type] ?? '').trimEnd()
      ? `${heads[type] ?? ''}<!-- -->`
      : `${heads[type] ?? ''}${words}`,
  ];
}

/** Blocks as Markdown: the same blocks are always the same text. Children are indented by four blanks. */
export function writeMarkdown(blocks: readonly Block[]): string {
  const lines: string[] = [];
  const put = (list: readonly Block[], depth: number): void => {
    let before: string | null = null;
    for (const block of list) {
      const run = before !== null && lists.has(block.type) && lists.has(before);
      if (lines.length > 0 && !run && !(depth > 0 && before === null)) lines.push('');
      for (const line of linesOf(block)) lines.push(line === '' ? '' : indent.repeat(depth) + line);
      if (block.type !== 'foreign') put(block.children, depth + 1);
      before = block.type;
    }
  };
  put(blocks, 0);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
