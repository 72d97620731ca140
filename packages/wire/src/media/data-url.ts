import type { MediaSource } from '../canonical/index.ts';

/** A URL as a media source: base64 `data:` URLs are taken apart, everything else stays a URL. */
export function mediaFromUrl(url: string): MediaSource {
  if (!url.startsWith('data:')) return { kind: 'url', url };
  const comma = url.indexOf(',');
  const head = url.slice(5, comma);
  if (comma === -1 || !head.endsWith(';base64')) return { kind: 'url', url };
  const mediaType = head.slice(0, head.indexOf(';')) || 'application/octet-stream';
  return { kind: 'base64', mediaType, data: url.slice(comma + 1) };
}

/** A media source as a URL; a file id has none. */
export function urlFromMedia(source: MediaSource): string | undefined {
  if (source.kind === 'url') return source.url;
  return source.kind === 'base64' ? `data:${source.mediaType};base64,${source.data}` : undefined;
}
