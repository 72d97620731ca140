import type { Headers } from './freshness.ts';

/** A page as it was read: its words, and what it refers to. */
export interface Reading {
  content: string;
  title: string | null;
  links: { url: string; text: string }[];
  images: { url: string; text: string }[];
}

export interface KeptPage {
  status: number;
  headers: Headers;
  body: Buffer;
  url: string;
  /** When it came, or was last confirmed. UTC ms. */
  at: number;
  /** What was made of it, by what was asked for. */
  readings: Map<string, Reading>;
}

export interface PageCache {
  get(key: string): KeptPage | null;
  put(key: string, page: KeptPage): void;
  /** Counts again what is kept with this page. */
  grown(key: string): void;
  drop(key: string): void;
  bytes(): number;
  /** The last used first. */
  list(most: number): { page: KeptPage; bytes: number }[];
  count(): number;
  clear(): void;
}

const sizeOfReading = ({ content, title, links, images }: Reading): number =>
  2 * (content.length + (title?.length ?? 0)) +
  [...links, ...images].reduce((sum, { url, text }) => sum + 2 * (url.length + text.length) + 64, 128);

const sizeOf = (key: string, { body, headers, url, readings }: KeptPage): number =>
  body.length +
  2 * (key.length + url.length) +
  Object.entries(headers).reduce((sum, [name, value]) => sum + 2 * (name.length + value.length), 512) +
  [...readings.values()].reduce((sum, reading) => sum + sizeOfReading(reading), 0);

/** Pages in memory, bounded by their bytes; the longest unused goes first. One page takes a quarter of it at most. */
export function createPageCache(maxBytes: () => number): PageCache {
  const pages = new Map<string, { page: KeptPage; bytes: number }>();
  let total = 0;

  function drop(key: string): void {
    total -= pages.get(key)?.bytes ?? 0;
    pages.delete(key);
  }
  function put(key: string, page: KeptPage): void {
    drop(key);
    const most = maxBytes();
    const bytes = sizeOf(key, page);
    if (bytes <= most / 4) {
      pages.set(key, { page, bytes });
      total += bytes;
    }
    for (const oldest of pages.keys()) {
      if (total <= most) return;
      drop(oldest);
    }
  }
  return {
    get(key) {
      const found = pages.get(key);
      if (!found) return null;
      pages.delete(key);
      pages.set(key, found);
      return found.page;
    },
    put,
    grown(key) {
      const found = pages.get(key);
      if (found) put(key, found.page);
    },
    drop,
    bytes: () => total,
    list: (most) => [...pages.values()].slice(-most).toReversed(),
    count: () => pages.size,
    clear() {
      pages.clear();
      total = 0;
    },
  };
}
