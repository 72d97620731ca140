import type { Message, SystemPart } from '../canonical/index.ts';
import { normaliseHistory } from '../history/index.ts';
import { noteOnce } from '../losses/note.ts';
import { encodeAssistant } from './encode-assistant.ts';
import { encodeResult, encodeUserPart, type JsonObject, type PartEncoding } from './encode-parts.ts';

export interface GeminiContentOut {
  role: 'user' | 'model';
  parts: JsonObject[];
}

export interface EncodedContents {
  /** Parts of the leading system and developer messages. */
  system: JsonObject[];
  contents: GeminiContentOut[];
}

/** What stands in for the user where a history does not begin with one: a call must follow a user's turn. */
const OPENING = 'Continue.';

/**
 * Canonical messages as Gemini takes them: leading system text apart, roles alternating, every function's response in the
 * turn directly behind the calls, in their order, as many as there are calls.
 */
export function encodeContents(messages: readonly Message[], encoding: PartEncoding): EncodedContents {
  const history = normaliseHistory(messages);
  encoding.losses.push(...history.losses);
  const system: JsonObject[] = [];
  const contents: GeminiContentOut[] = [];
  /** Names by call id: a response must repeat the name of its function. */
  const called = new Map<string, string>();

  function add(role: GeminiContentOut['role'], parts: readonly JsonObject[]): void {
    if (parts.length === 0) return;
    const last = contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else contents.push({ role, parts: [...parts] });
  }

  history.messages.forEach((message, at) => {
    const path = `messages[${at}]`;
    if ('name' in message && message.name) {
      noteOnce(encoding.losses, {
        path: `${path}.name`,
        what: 'participant name',
        why: 'Gemini has no names',
      });
    }
    switch (message.role) {
      case 'system':
      case 'developer':
        if (contents.length === 0) system.push(...encodeSystem(message.parts, path, encoding));
        else add('user', encodeLaterSystem(message.parts, path, encoding));
        break;
      case 'user':
        add(
          'user',
          encodeEach(message.parts, (part, index) =>
            encodeUserPart(part, `${path}.parts[${index}]`, encoding),
          ),
        );
        break;
      case 'tool': {
        const results = message.parts.map((part, index) =>
          encodeResult(part, called.get(part.callId) ?? 'unknown', `${path}.parts[${index}]`, encoding),
        );
        add(
          'user',
          results.map(({ response }) => response),
        );
        add(
          'user',
          results.flatMap(({ beside }) => beside),
        );
        break;
      }
      case 'assistant':
        for (const part of message.parts) {
          if (part.type === 'tool-call') called.set(part.id, encoding.names.flatten(part));
        }
        add('model', encodeAssistant(message.parts, path, encoding));
    }
  });
  if (contents[0]?.role !== 'user') contents.unshift({ role: 'user', parts: [{ text: OPENING }] });
  return { system, contents };
}

function encodeSystem(parts: readonly SystemPart[], path: string, encoding: PartEncoding): JsonObject[] {
  return encodeEach(parts, (part, at) => encodeUserPart(part, `${path}.parts[${at}]`, encoding));
}

/** Gemini takes system text only apart from the conversation; later on it is marked text in the user's turn. */
function encodeLaterSystem(parts: readonly SystemPart[], path: string, encoding: PartEncoding): JsonObject[] {
  const why = 'Gemini takes system text only at the start; it is sent as marked user text';
  noteOnce(encoding.losses, { path, what: 'later system message', why });
  return encodeSystem(parts, path, encoding).map(({ text }) => ({
    text: `<system>\n${String(text)}\n</system>`,
  }));
}

function encodeEach<T>(
  parts: readonly T[],
  encode: (part: T, at: number) => JsonObject | undefined,
): JsonObject[] {
  return parts.map(encode).filter((part) => part !== undefined);
}
