import type { CacheMark, Message, SystemPart } from '../canonical/index.ts';
import { normaliseHistory } from '../history/index.ts';
import { noteOnce } from '../losses/note.ts';
import {
  cachePoint,
  encodeAssistantPart,
  encodeResult,
  encodeText,
  encodeUserPart,
  type BlockEncoding,
  type JsonObject,
} from './encode-blocks.ts';

export interface ConverseMessageOut {
  role: 'user' | 'assistant';
  content: JsonObject[];
}

export interface EncodedMessages {
  /** The leading system and developer messages. */
  system: JsonObject[];
  messages: ConverseMessageOut[];
}

/** What stands in for the user where a history has no first user message. */
const OPENING = 'Continue.';

/** Converse refuses a document without a word beside it. */
const BESIDE_DOCUMENT = 'The document is attached.';

/**
 * Canonical messages as Converse takes them: leading system text apart, roles alternating from the user on, results
 * first in the turn behind their calls, no blank text, no turn that ends in reasoning.
 */
export function encodeMessages(messages: readonly Message[], encoding: BlockEncoding): EncodedMessages {
  const history = normaliseHistory(messages);
  encoding.losses.push(...history.losses);
  const system: JsonObject[] = [];
  const encoded: ConverseMessageOut[] = [];

  function add(role: ConverseMessageOut['role'], content: JsonObject[]): void {
    if (content.length === 0) return;
    const last = encoded.at(-1);
    if (last?.role === role) last.content.push(...content);
    else encoded.push({ role, content });
  }

  history.messages.forEach((message, at) => {
    const path = `messages[${at}]`;
    if ('name' in message && message.name) {
      const where = `${path}.name`;
      noteOnce(encoding.losses, { path: where, what: 'participant name', why: 'Converse has no names' });
    }
    switch (message.role) {
      case 'system':
      case 'developer':
        if (encoded.length === 0) system.push(...encodeSystem(message.parts, path, encoding));
        else add('user', encodeLaterSystem(message.parts, path, encoding));
        break;
      case 'user':
        add(
          'user',
          encodeEach(message.parts, path, (part, where) => encodeUserPart(part, where, encoding)),
        );
        break;
      case 'tool':
        add(
          'user',
          encodeEach(message.parts, path, (part, where) => encodeResult(part, where, encoding)),
        );
        break;
      case 'assistant':
        add(
          'assistant',
          encodeEach(message.parts, path, (part, where) => encodeAssistantPart(part, where, encoding)),
        );
    }
  });
  const trimmed = dropTrailingReasoning(encoded, encoding);
  if (trimmed[0]?.role !== 'user') trimmed.unshift({ role: 'user', content: [{ text: OPENING }] });
  for (const message of trimmed) addWordsBesideDocuments(message);
  trimPrefill(trimmed.at(-1));
  return { system, messages: trimmed };
}

/** A cache point at the end of the conversation, where the client wants it cached as it grows. */
export function markLast(
  messages: readonly ConverseMessageOut[],
  cache: CacheMark | undefined,
  encoding: BlockEncoding,
): void {
  const last = messages.findLast(({ role }) => role === 'user');
  if (!last || last.content.at(-1)?.cachePoint) return;
  last.content.push(...cachePoint(cache, 'cache', encoding));
}

function encodeEach<T>(
  parts: readonly T[],
  path: string,
  encode: (part: T, path: string) => JsonObject[],
): JsonObject[] {
  return parts.flatMap((part, at) => encode(part, `${path}.parts[${at}]`));
}

function encodeSystem(parts: readonly SystemPart[], path: string, encoding: BlockEncoding): JsonObject[] {
  return encodeEach(parts, path, (part, where) => encodeUserPart(part, where, encoding));
}

function encodeLaterSystem(
  parts: readonly SystemPart[],
  path: string,
  encoding: BlockEncoding,
): JsonObject[] {
  const why = 'Converse takes system text only at the start; it is sent as marked user text';
  noteOnce(encoding.losses, { path, what: 'later system message', why });
  return parts.flatMap(({ text, cache }, at) => {
    if (encodeText(text).length === 0) return [];
    const block = { text: `<system>\n${text}\n</system>` };
    return [block, ...cachePoint(cache, `${path}.parts[${at}]`, encoding)];
  });
}

/** An assistant's turn may not end in reasoning; turns left empty are joined over. */
function dropTrailingReasoning(
  messages: ConverseMessageOut[],
  { losses }: BlockEncoding,
): ConverseMessageOut[] {
  const kept: ConverseMessageOut[] = [];
  for (const [at, message] of messages.entries()) {
    while (message.role === 'assistant' && message.content.at(-1)?.reasoningContent) {
      message.content.pop();
      const why = 'a turn may not end in reasoning';
      noteOnce(losses, { path: `messages[${at}]`, what: 'trailing reasoning', why });
    }
    const last = kept.at(-1);
    if (message.content.length === 0) continue;
    if (last?.role === message.role) last.content.push(...message.content);
    else kept.push(message);
  }
  return kept;
}

function addWordsBesideDocuments({ role, content }: ConverseMessageOut): void {
  if (role !== 'user' || !content.some((block) => block.document)) return;
  if (!content.some((block) => block.text !== undefined)) content.push({ text: BESIDE_DOCUMENT });
}

/** The text a client wants continued may not end in white space. */
function trimPrefill(last: ConverseMessageOut | undefined): void {
  const block = last?.role === 'assistant' ? last.content.at(-1) : undefined;
  if (typeof block?.text === 'string') block.text = block.text.trimEnd();
}
