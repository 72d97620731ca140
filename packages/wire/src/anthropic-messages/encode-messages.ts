import type { Message, SystemPart } from '../canonical/index.ts';
import { normaliseHistory } from '../history/index.ts';
import { noteOnce } from '../losses/note.ts';
import {
  encodeAssistantPart,
  encodeResult,
  encodeText,
  encodeUserPart,
  type BlockEncoding,
  type JsonObject,
} from './encode-blocks.ts';
import { isThinking } from './encode-thinking.ts';

export interface MessagesMessageOut {
  role: 'user' | 'assistant' | 'system';
  content: JsonObject[];
}

export interface EncodedMessages {
  /** The leading system and developer messages. */
  system: JsonObject[];
  messages: MessagesMessageOut[];
}

/** What stands in for the user where a history has no first user message. */
const OPENING = 'Continue.';

/**
 * Canonical messages as Anthropic takes them: leading system text hoisted, roles alternating, results first in the
 * turn behind their calls, no empty text, no turn that ends in thinking.
 */
export function encodeMessages(messages: readonly Message[], encoding: BlockEncoding): EncodedMessages {
  const history = normaliseHistory(messages);
  encoding.losses.push(...history.losses);
  const system: JsonObject[] = [];
  const encoded: MessagesMessageOut[] = [];

  function add(role: MessagesMessageOut['role'], content: JsonObject[]): void {
    if (content.length === 0) return;
    const last = encoded.at(-1);
    if (last?.role === role) last.content.push(...content);
    else encoded.push({ role, content });
  }

  history.messages.forEach((message, at) => {
    const path = `messages[${at}]`;
    if ('name' in message && message.name) {
      noteOnce(encoding.losses, {
        path: `${path}.name`,
        what: 'participant name',
        why: 'Messages has no names',
      });
    }
    switch (message.role) {
      case 'system':
      case 'developer':
        if (encoded.length === 0) system.push(...encodeTexts(message.parts));
        else addLaterSystem(message.parts, path, encoding, add);
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
  const trimmed = dropTrailingThinking(encoded, encoding);
  if (trimmed[0]?.role !== 'user')
    trimmed.unshift({ role: 'user', content: [{ type: 'text', text: OPENING }] });
  trimPrefill(trimmed.at(-1));
  return { system, messages: trimmed };
}

function encodeTexts(parts: readonly SystemPart[]): JsonObject[] {
  return parts.map((part) => encodeText(part.text, part.cache)).filter((block) => block !== undefined);
}

function encodeEach<T>(
  parts: readonly T[],
  path: string,
  encode: (part: T, path: string) => JsonObject | undefined,
): JsonObject[] {
  const blocks: JsonObject[] = [];
  parts.forEach((part, at) => {
    const block = encode(part, `${path}.parts[${at}]`);
    if (block) blocks.push(block);
  });
  return blocks;
}

/** Only the newest models take a system message in the middle; elsewhere it is marked text in the user's turn. */
function addLaterSystem(
  parts: readonly SystemPart[],
  path: string,
  { target, losses }: BlockEncoding,
  add: (role: MessagesMessageOut['role'], content: JsonObject[]) => void,
): void {
  const blocks = encodeTexts(parts);
  if (target.quirks?.systemMessages) {
    add('system', blocks);
    return;
  }
  const why = 'the backend takes system text only at the start; it is sent as marked user text';
  noteOnce(losses, { path, what: 'later system message', why });
  add(
    'user',
    blocks.map((block) => Object.assign(block, { text: `<system>\n${String(block.text)}\n</system>` })),
  );
}

/** Anthropic refuses an assistant turn whose last block is thinking; turns left empty are joined over. */
function dropTrailingThinking(
  messages: MessagesMessageOut[],
  { losses }: BlockEncoding,
): MessagesMessageOut[] {
  const kept: MessagesMessageOut[] = [];
  for (const [at, message] of messages.entries()) {
    while (message.role === 'assistant' && isThinking(message.content.at(-1))) {
      message.content.pop();
      noteOnce(losses, {
        path: `messages[${at}]`,
        what: 'trailing thinking',
        why: 'a turn may not end in thinking',
      });
    }
    const last = kept.at(-1);
    if (message.content.length === 0) continue;
    if (last?.role === message.role) last.content.push(...message.content);
    else kept.push(message);
  }
  return kept;
}

/** The text a client wants continued may not end in white space. */
function trimPrefill(last: MessagesMessageOut | undefined): void {
  const block = last?.role === 'assistant' ? last.content.at(-1) : undefined;
  if (block?.type === 'text') block.text = String(block.text).trimEnd();
}
