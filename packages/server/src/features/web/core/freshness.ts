/** Lower-case names. */
export type Headers = Readonly<Record<string, string>>;

const dayMs = 86_400_000;

const directives = ({ 'cache-control': text = '' }: Headers): Map<string, string> =>
  new Map(
    text
      .toLowerCase()
      .split(',')
      .map((part) => {
        const [name = '', value = ''] = part.split('=', 2);
        return [name.trim(), value.trim().replaceAll('"', '')];
      }),
  );

const dateOf = (text: string | undefined): number | null => {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : at;
};

/**
 * How long an answer may be given again without asking the site. RFC 9111, 4.2: what it says, else a tenth of how long it
 * had not changed, at most a day. 0: ask first. Milliseconds.
 */
export function lifetimeMs(headers: Headers, receivedAt: number): number {
  const said = directives(headers);
  if (said.has('no-store') || said.has('no-cache')) return 0;
  const aged = Math.max(0, Number(headers['age'] ?? 0) || 0) * 1000;
  const maxAge = said.get('max-age');
  // More than a year is never meant.
  if (maxAge !== undefined) return clamp((Number(maxAge) || 0) * 1000 - aged, 366 * dayMs);
  const sentAt = dateOf(headers['date']) ?? receivedAt;
  // An `Expires` that is no date means that it is over.
  if (headers['expires'] !== undefined)
    return clamp((dateOf(headers['expires']) ?? 0) - sentAt - aged, 366 * dayMs);
  const changedAt = dateOf(headers['last-modified']);
  return changedAt === null ? 0 : clamp((sentAt - changedAt) / 10 - aged, dayMs);
}

const clamp = (ms: number, most: number): number => Math.min(most, Math.max(0, ms));

/** Asks a site whether something is still what it was. Empty: there is nothing to ask by. */
export function validators(headers: Headers): Record<string, string> {
  const { etag, 'last-modified': changed } = headers;
  return {
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    ...(changed === undefined ? {} : { 'if-modified-since': changed }),
  };
}

/** Whether an answer is worth keeping, and may be kept. RFC 9111, 3. */
export function mayKeep(status: number, headers: Headers, receivedAt: number): boolean {
  if (status !== 200 || directives(headers).has('no-store')) return false;
  // What a page depends on besides the headers that stand in its key, nobody can tell.
  if (headers['vary']?.includes('*')) return false;
  return lifetimeMs(headers, receivedAt) > 0 || Object.keys(validators(headers)).length > 0;
}
