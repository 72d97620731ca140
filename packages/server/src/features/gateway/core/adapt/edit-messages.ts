import { asList, asObject, messagesOf, type Body } from './body.ts';

/** Gives a role another name; system words that become the user's lose their rank, which is told. */
export function renameRole(body: Body, from: string, to: string): string | undefined {
  let changed = false;
  for (const entry of messagesOf(body) ?? []) {
    const message = asObject(entry);
    if (message?.['role'] !== from) continue;
    message['role'] = to;
    changed = true;
  }
  if (!changed) return undefined;
  return to === 'user' ? `${from} messages were sent as the user's` : '';
}

/** Content of text parts alone becomes one text; whatever holds a picture or a file stays as it is. */
export function plainContent(body: Body): string | undefined {
  let changed = false;
  for (const entry of messagesOf(body) ?? []) {
    const message = asObject(entry);
    const parts = message?.['content'];
    if (!message || !Array.isArray(parts)) continue;
    const texts = parts.map((part) => asObject(part)?.['text']);
    if (texts.some((text) => typeof text !== 'string')) continue;
    message['content'] = texts.join('\n');
    changed = true;
  }
  return changed ? '' : undefined;
}

/** Messages of one role in a row become one; a system message that would stand before nobody's turn joins the user's. */
export function mergeRoles(body: Body): string | undefined {
  const messages = body['messages'];
  if (!Array.isArray(messages)) return undefined;
  const merged: unknown[] = [];
  for (const entry of messages) {
    const message = asObject(entry);
    const before = asObject(merged.at(-1));
    if (message && before && message['role'] === before['role'] && joinable(message) && joinable(before)) {
      before['content'] = joined(before['content'], message['content']);
    } else merged.push(entry);
  }
  if (merged.length < messages.length) {
    body['messages'] = merged;
    return '';
  }
  return foldSystem(body);
}

/** Templates without a system turn: what it says opens the first user's message. */
function foldSystem(body: Body): string | undefined {
  const messages = asList(body['messages']);
  const system = asObject(messages[0]);
  const user = asObject(messages[1]);
  if (system?.['role'] !== 'system' || user?.['role'] !== 'user') return undefined;
  user['content'] = joined(system['content'], user['content']);
  body['messages'] = messages.slice(1);
  return "the system message was sent as the user's";
}

const joinable = (message: Body): boolean =>
  (message['role'] === 'user' || message['role'] === 'assistant' || message['role'] === 'system') &&
  message['tool_calls'] === undefined &&
  (typeof message['content'] === 'string' || Array.isArray(message['content']));

function joined(first: unknown, second: unknown): unknown {
  if (typeof first === 'string' && typeof second === 'string') return `${first}\n\n${second}`;
  return [...partsOf(first), ...partsOf(second)];
}

const partsOf = (content: unknown): readonly unknown[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : asList(content);

/** System messages move to the front and become one, in their order. What stood in the middle is then said at the start. */
export function systemFirst(body: Body): string | undefined {
  const messages = body['messages'];
  if (!Array.isArray(messages)) return undefined;
  const isSystem = (entry: unknown): boolean => {
    const role = asObject(entry)?.['role'];
    return role === 'system' || role === 'developer';
  };
  const systems = messages.filter(isSystem);
  const firstOther = messages.findIndex((entry) => !isSystem(entry));
  const late = firstOther !== -1 && messages.slice(firstOther).some(isSystem);
  if (systems.length === 0 || (systems.length === 1 && !late)) return undefined;
  const content = systems
    .map((entry) => asObject(entry)?.['content'])
    .reduce((sum: unknown, next) => (sum === undefined ? next : joined(sum, next)), undefined);
  body['messages'] = [{ role: 'system', content }, ...messages.filter((entry) => !isSystem(entry))];
  return late ? 'system messages from the middle were moved to the front' : '';
}
