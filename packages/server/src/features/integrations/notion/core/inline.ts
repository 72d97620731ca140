import type { Span } from './block.ts';

const escaped = /[\\`*_~[\]<]/g;
const marks = [
  ['bold', '**'],
  ['italic', '_'],
  ['strike', '~~'],
] as const;

const sameLook = (a: Span, b: Span): boolean =>
  a.link === b.link && !a.code === !b.code && marks.every(([name]) => !a[name] === !b[name]);

/** Neighbours of one look are one run. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (span.text === '') continue;
    if (last && sameLook(last, span)) last.text += span.text;
    else merged.push({ ...span });
  }
  return merged;
}

function written(span: Span): string {
  const { text, link } = span;
  // Marks do not take effect beside a blank: blanks at the ends stand outside of them.
  const [, before = '', inner = '', after = ''] = /^(\s*)([^]*?)(\s*)$/.exec(text) ?? [];
  if (inner === '') return text.replaceAll('\n', '<br>');
  let words: string;
  if (span.code) {
    const longest = Math.max(0, ...[...inner.matchAll(/`+/g)].map(([ticks]) => ticks.length));
    const fence = '`'.repeat(longest + 1);
    const pad = inner.startsWith('`') || inner.endsWith('`') ? ' ' : '';
    words = `${fence}${pad}${inner.replaceAll('\n', ' ')}${pad}${fence}`;
  } else words = inner.replaceAll(escaped, (letter) => `\\${letter}`).replaceAll('\n', '<br>');
  for (const [name, mark] of marks) if (span[name]) words = `${mark}${words}${mark}`;
  if (link !== undefined) words = `[${words}](<${link.replaceAll(/[<>\s]/g, encodeURIComponent)}>)`;
  return `${before.replaceAll('\n', '<br>')}${words}${after.replaceAll('\n', '<br>')}`;
}

/** Text as one line of Markdown. */
export const writeInline = (spans: readonly Span[]): string => mergeSpans(spans).map(written).join('');

type Look = Omit<Span, 'text'>;

/** One line of Markdown as text. What is not understood stays as it is written: no letter is lost. */
export function readInline(line: string, look: Look = {}): Span[] {
  const spans: Span[] = [];
  let plain = '';
  const flush = (): void => {
    if (plain !== '') spans.push({ ...look, text: plain });
    plain = '';
  };
  for (let at = 0; at < line.length;) {
    const rest = line.slice(at);
    const letter = /^\\([\\`*_~[\]<>#+\-.!()|{}])/.exec(rest);
    const ticks = /^(`+)([^]*?[^`])\1(?!`)/.exec(rest);
    const link = /^\[((?:\\.|[^\]\\])*)\]\((?:<([^<>]*)>|([^()\s]*))\)/.exec(rest);
    const mark = look.code ? undefined : marks.find(([name, sign]) => !look[name] && rest.startsWith(sign));
    const end = mark ? closing(rest, mark[1]) : -1;
    if (letter) {
      plain += letter[1] ?? '';
      at += 2;
    } else if (ticks) {
      flush();
      const code = ticks[2] ?? '';
      spans.push({ ...look, code: true, text: /^ .*` $|^ `.* $/.test(code) ? code.slice(1, -1) : code });
      at += ticks[0].length;
    } else if (rest.startsWith('<br>')) {
      plain += '\n';
      at += 4;
    } else if (link && look.link === undefined) {
      flush();
      spans.push(...readInline(link[1] ?? '', { ...look, link: link[2] ?? link[3] ?? '' }));
      at += link[0].length;
    } else if (mark && end > 0) {
      flush();
      spans.push(...readInline(rest.slice(mark[1].length, end), { ...look, [mark[0]]: true }));
      at += end + mark[1].length;
    } else {
      plain += rest[0] ?? '';
      at += 1;
    }
  }
  flush();
  return mergeSpans(spans);
}

/** Where the mark that opens a text is closed; -1: nowhere, so that it is a letter like any other. */
function closing(text: string, sign: string): number {
  if (/^\s|^$/.test(text.slice(sign.length))) return -1;
  // Within a word an underline is a letter of a name.
  for (let at = sign.length + 1; at < text.length; at += 1) {
    if (text[at - 1] === '\\') continue;
    if (text[at] === '`') {
      const code = /^(`+)[^]*?[^`]\1(?!`)/.exec(text.slice(at));
      if (code) at += code[0].length - 1;
      continue;
    }
    if (text.startsWith(sign, at) && !/\s/.test(text[at - 1] ?? ' ')) return at;
  }
  return -1;
}
