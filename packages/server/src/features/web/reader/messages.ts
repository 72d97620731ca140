/** What is to be made of a page. */
export interface Wanted {
  format: 'text' | 'html' | 'markdown';
  links: boolean;
  images: boolean;
}

export interface ReadQuestion extends Wanted {
  bytes: Uint8Array;
  contentType: string | null;
  url: string;
}
