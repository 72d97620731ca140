import type { PageDocument, PageElement } from 'linkedom/worker';

const maxLinks = 500;
const maxImages = 200;

const oneLine = (text: string | null): string => (text ?? '').replace(/\s+/g, ' ').trim().slice(0, 300);

/** An address as a whole, if it leads somewhere: nothing that is run, and no data. */
function absolute(text: string | null, base: string): string | null {
  if (text === null || text.length > 4096 || !URL.canParse(text.trim(), base)) return null;
  const url = new URL(text.trim(), base);
  return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null;
}

/** Makes every link and image of a page absolute, and takes away what leads nowhere. */
export function settleAddresses(document: PageDocument, pageUrl: string, images: boolean): void {
  const base = absolute(document.querySelector('base')?.getAttribute('href') ?? null, pageUrl) ?? pageUrl;
  for (const link of document.querySelectorAll('a')) {
    const url = absolute(link.getAttribute('href'), base);
    if (url === null) link.removeAttribute('href');
    else link.setAttribute('href', url);
  }
  for (const image of document.querySelectorAll('img')) {
    const source = image.getAttribute('src') ?? '';
    const lazy = image.getAttribute('data-src');
    const url = absolute(source === '' || source.startsWith('data:') ? lazy : source, base);
    if (url === null || !images || url.startsWith('mailto:')) image.remove();
    else image.setAttribute('src', url);
  }
}

function listed(
  elements: Iterable<PageElement>,
  most: number,
  of: (element: PageElement) => [url: string | null, text: string | null],
): { url: string; text: string }[] {
  const found = new Map<string, string>();
  for (const element of elements) {
    const [url, text] = of(element);
    if (url === null || url === '') continue;
    if (found.size >= most) break;
    found.set(url, found.get(url) || oneLine(text));
  }
  return Array.from(found, ([url, text]) => ({ url, text }));
}

export const linksOf = (document: PageDocument): { url: string; text: string }[] =>
  listed(document.querySelectorAll('a'), maxLinks, (link) => [link.getAttribute('href'), link.textContent]);

export const imagesOf = (document: PageDocument): { url: string; text: string }[] =>
  listed(document.querySelectorAll('img'), maxImages, (image) => [
    image.getAttribute('src'),
    image.getAttribute('alt'),
  ]);
