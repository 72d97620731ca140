/** What a compacted history keeps word for word, newest first until this many bytes. */
const MAX_USER_BYTES = 64 * 1024;

/** The user's own messages among a request's items. A body that cannot be read has none: whoever decodes it says so. */
export function userMessages(body: Buffer): unknown[] {
  let input: unknown;
  try {
    ({ input } = JSON.parse(body.toString()) as { input?: unknown });
  } catch {
    return [];
  }
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: text(input) }];
  const users: unknown[] = [];
  let bytes = 0;
  for (const item of (Array.isArray(input) ? input : []).toReversed()) {
    if (typeof item !== 'object' || item === null) continue;
    const { type = 'message', role, content } = item as Record<string, unknown>;
    if (type !== 'message' || role !== 'user') continue;
    bytes += JSON.stringify(item).length;
    if (bytes > MAX_USER_BYTES) break;
    users.unshift({
      ...item,
      type: 'message',
      content: typeof content === 'string' ? text(content) : content,
    });
  }
  return users;
}

const text = (words: string): { type: string; text: string }[] => [{ type: 'input_text', text: words }];
