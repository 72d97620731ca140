import type { PageNode } from 'linkedom/worker';

const unseen = new Set([
  'HEAD',
  'TITLE',
  'SCRIPT',
  'STYLE',
  'NOSCRIPT',
  'TEMPLATE',
  'SVG',
  'IFRAME',
  'OBJECT',
]);
const inline = new Set(
  'A ABBR B BDI BDO CITE CODE DATA DEL DFN EM FONT I INS KBD LABEL MARK Q S SAMP SMALL SPAN STRONG SUB SUP TIME U VAR WBR'.split(
    ' ',
  ),
);
const verbatim = new Set(['PRE', 'TEXTAREA']);

/** What a reader sees of a page, blocks on lines of their own. Walks without recursion: pages may be nested as deep as they like. */
export function pageText(root: PageNode): string {
  const lines: string[] = [];
  let line = '';
  let kept = 0;
  const endLine = (): void => {
    const text = line.trim();
    if (text !== '') lines.push(text);
    line = '';
  };
  let node: PageNode | null = root;
  while (node) {
    const name = node.nodeName.toUpperCase();
    const element: boolean = node.nodeType === 1;
    if (node.nodeType === 3) {
      const text = node.textContent ?? '';
      if (kept > 0) {
        const [first = '', ...rest] = text.split('\n');
        line += first;
        for (const next of rest) {
          lines.push(line.trimEnd());
          line = next;
        }
      } else
        line +=
          line === '' || line.endsWith(' ')
            ? text.replace(/\s+/g, ' ').trimStart()
            : text.replace(/\s+/g, ' ');
    } else if (element && !inline.has(name)) {
      if (name === 'TD' || name === 'TH') line += line === '' ? '' : '  ';
      else endLine();
    }
    if (node.firstChild && !(element && unseen.has(name))) {
      if (element && verbatim.has(name)) kept += 1;
      node = node.firstChild;
      continue;
    }
    while (node && node !== root && !node.nextSibling) {
      node = node.parentNode;
      if (!node) break;
      const left = node.nodeName.toUpperCase();
      if (verbatim.has(left)) kept = Math.max(0, kept - 1);
      if (!inline.has(left) && left !== 'TD' && left !== 'TH') endLine();
    }
    if (!node || node === root) break;
    node = node.nextSibling;
  }
  endLine();
  return lines.join('\n');
}
