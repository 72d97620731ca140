import type { Reading } from '../core/page-cache.ts';

/** What is to be made of a page. */
export interface Wanted {
  format: 'text' | 'html' | 'markdown';
  links: boolean;
  images: boolean;
}

export interface ReadQuestion extends Wanted {
  id: number;
  bytes: Uint8Array;
  contentType: string | null;
  url: string;
}

export type ReadAnswer = { id: number; reading: Reading } | { id: number; failure: string };
