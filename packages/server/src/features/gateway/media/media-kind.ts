/** What providers serve beside turns. */
export type MediaKind = 'embeddings' | 'images' | 'audio';

/** One address of OpenAI's API that passes through. */
export interface MediaAddress {
  kind: MediaKind;
  /** Below the provider's base address. */
  path: string;
  /** In the ledger, where turns have their protocol. */
  surface: string;
}

const address = (kind: MediaKind, path: string): [string, MediaAddress] => [
  `/v1${path}`,
  { kind, path, surface: `openai-${kind}` },
];

const ADDRESSES = new Map([
  address('embeddings', '/embeddings'),
  address('images', '/images/generations'),
  address('images', '/images/edits'),
  address('images', '/images/variations'),
  address('audio', '/audio/speech'),
  address('audio', '/audio/transcriptions'),
  address('audio', '/audio/translations'),
]);

/** The address behind a path of the gateway; undefined: it is none of these. */
export const mediaAddress = (path: string): MediaAddress | undefined => ADDRESSES.get(path);
