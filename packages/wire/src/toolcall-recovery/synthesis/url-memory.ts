import type { Message } from '../../canonical/index.ts';
import { urlsIn } from './urls.ts';

/** URLs a session keeps. */
const MAX_URLS = 20;

/** The URLs the user named in a session, newest last; the only ones a synthesised fetch may go to. */
export interface UrlMemory {
  /** Takes the URLs of the user's own messages; tool results and the model's words do not count. */
  remember(messages: readonly Message[]): void;
  has(url: string): boolean;
  last(): string | undefined;
}

export function createUrlMemory(max: number = MAX_URLS): UrlMemory {
  const urls = new Set<string>();
  const keep = (url: string): void => {
    urls.delete(url);
    urls.add(url);
    const [oldest] = urls;
    if (urls.size > max && oldest !== undefined) urls.delete(oldest);
  };
  return {
    remember(messages) {
      for (const message of messages) {
        if (message.role !== 'user') continue;
        for (const part of message.parts) if (part.type === 'text') urlsIn(part.text, max).forEach(keep);
      }
    },
    has: (url) => urls.has(url),
    last: () => [...urls].at(-1),
  };
}
