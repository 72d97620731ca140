import Turndown from 'turndown';
import type { PageElement } from 'linkedom/worker';

const elementOf = (node: unknown): PageElement => node as PageElement;

const cellsOf = (row: PageElement): number => [...row.querySelectorAll('td, th')].length;

/** A table of data has headings and no table within. */
const isData = (table: PageElement | null): boolean =>
  table !== null && table.querySelector('th') !== null && table.querySelector('table') === null;

function tableOf(node: PageElement): PageElement | null {
  let up = node.parentNode;
  while (up && up.nodeName !== 'TABLE') up = up.parentNode;
  return up as PageElement | null;
}

function createWriter(): Turndown {
  const writer = new Turndown({
    headingStyle: 'atx',
    codeBlockStyle: 'fenced',
    bulletListMarker: '-',
    hr: '---',
  });
  const escape = writer.escape.bind(writer);
  // An entity may end its node, and what a page shows as text must not become a tag for whoever renders the markdown.
  writer.escape = (text) => escape(text).replace(/<(?=[a-z/!?]|$)/gi, '\\<');
  writer.remove(['script', 'style', 'noscript', 'iframe', 'template', 'object', 'svg']);
  writer.addRule('table cell', {
    filter: (node) => /^T[DH]$/.test(elementOf(node).nodeName) && isData(tableOf(elementOf(node))),
    replacement: (content) =>
      ` ${content
        .trim()
        .replace(/\s*\n\s*/g, ' ')
        .replace(/(?<!\\)\|/g, '\\|')} |`,
  });
  writer.addRule('table row', {
    filter: (node) => elementOf(node).nodeName === 'TR' && isData(tableOf(elementOf(node))),
    replacement(content, node) {
      const row = elementOf(node);
      const first = tableOf(row)?.querySelector('tr') === row;
      return `|${content.replace(/\n+/g, ' ')}\n${first ? `|${' --- |'.repeat(cellsOf(row))}\n` : ''}`;
    },
  });
  writer.addRule('table part', {
    filter: (node) =>
      /^T(HEAD|BODY|FOOT)$/.test(elementOf(node).nodeName) && isData(tableOf(elementOf(node))),
    replacement: (content) => content,
  });
  return writer;
}

/** The markdown of a part of a page, without anything that runs. */
export const markdownOf = (root: PageElement): string =>
  createWriter()
    .turndown(root)
    .replace(/\n{3,}/g, '\n\n')
    .trim();
