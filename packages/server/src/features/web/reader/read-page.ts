import { Readability } from '@mozilla/readability';
import { parseHTML, type PageDocument, type PageElement, type PageNode } from 'linkedom/worker';
import { decodeText } from '../core/decode.ts';
import type { Reading } from '../core/page-cache.ts';
import { imagesOf, linksOf, settleAddresses } from './addresses.ts';
import { markdownOf } from './markdown.ts';
import type { ReadQuestion } from './messages.ts';
import { pageText } from './page-text.ts';

/** Of longer pages the article is not looked for. */
const maxElements = 60_000;

const titleOf = (document: PageDocument): string | null => {
  const text = document.querySelector('title')?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
  return text === '' ? null : text.slice(0, 1000);
};

/** The article of a page; all of it where none is found. */
function articleOf(document: PageDocument, whole: PageElement): PageElement {
  try {
    const article = new Readability(document, {
      serializer: (node) => node,
      maxElemsToParse: maxElements,
      // They name the language of code.
      keepClasses: true,
    }).parse();
    return article?.content ?? whole;
  } catch {
    return whole;
  }
}

/** Deeper pages are not written by people, and cost the square of their depth. */
const maxDepth = 500;

function isDeep(root: PageNode): boolean {
  let depth = 0;
  let node: PageNode | null = root;
  while (node) {
    if (node.firstChild) {
      node = node.firstChild;
      depth += 1;
      if (depth > maxDepth) return true;
      continue;
    }
    while (node && node !== root && !node.nextSibling) {
      node = node.parentNode;
      depth -= 1;
    }
    if (!node || node === root) return false;
    node = node.nextSibling;
  }
  return false;
}

function markdownFrom(document: PageDocument, whole: PageElement): string {
  if (isDeep(whole)) return pageText(whole);
  // The search takes the page apart.
  const untouched = whole.cloneNode(true);
  try {
    const article = markdownOf(articleOf(document, untouched));
    return article === '' ? markdownOf(untouched) : article;
  } catch {
    // Nested deeper than can be written.
    return pageText(untouched);
  }
}

/** What an HTML page says. Runs nothing of it and fetches nothing. Throws for what no reader can take. */
export function readPage({ bytes, contentType, url, format, links, images }: ReadQuestion): Reading {
  const html = decodeText(bytes, contentType);
  const isWhole = /<html[\s>]/i.test(html);
  const { document } = parseHTML(
    isWhole ? html : `<!doctype html><html><head></head><body>${html}</body></html>`,
  );
  settleAddresses(document, url, images);
  const whole = document.querySelector('body') ?? document.documentElement ?? document;
  const page = {
    title: titleOf(document),
    links: links ? linksOf(document) : [],
    images: images ? imagesOf(document) : [],
  };
  if (format === 'html') return { ...page, content: html };
  if (format === 'text') return { ...page, content: pageText(whole) };
  return { ...page, content: markdownFrom(document, whole) };
}
