/** What is done with a body: read as a page, given as text, or neither. */
export type Medium = 'html' | 'text' | 'binary';

const textual =
  /^(?:text\/|application\/(?:[a-z0-9.+-]+\+)?(?:json|xml|javascript|ecmascript|yaml|x-yaml|toml|ndjson|x-ndjson|jsonl|x-www-form-urlencoded|graphql|sql)$|[a-z]+\/[a-z0-9.-]+\+(?:json|xml)$)/;

/** From the media type; where a site says none, from how the body begins. */
export function mediumOf(contentType: string | null, body: Uint8Array): Medium {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'html';
  if (type !== '') return textual.test(type) ? 'text' : 'binary';
  const start = body.subarray(0, 1024);
  if (start.includes(0)) return 'binary';
  return /^\s*<(?:!doctype html|html|head|body)[\s>]/i.test(Buffer.from(start).toString('latin1'))
    ? 'html'
    : 'text';
}
