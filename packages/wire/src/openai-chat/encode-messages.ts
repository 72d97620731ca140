import type {
  AssistantPart,
  Loss,
  Message,
  ToolNames,
  ToolResultPart,
  UserPart,
} from '../canonical/index.ts';
import { normaliseHistory } from '../history/index.ts';
import { noteOnce } from '../losses/note.ts';
import type { EncodeTarget, TargetQuirks } from '../protocol.ts';
import { fitCallId } from '../tools/index.ts';
import { encodeAssistant } from './encode-assistant.ts';
import { encodeUserContent, joinTexts, noteCache } from './encode-parts.ts';

type JsonObject = Record<string, unknown>;

/** What an encoder of messages needs to know on the way. */
export interface MessageEncoding {
  names: ToolNames;
  target: EncodeTarget;
  quirks: TargetQuirks;
  losses: Loss[];
}

/**
 * Canonical messages in the form that strict Chat backends take: results directly behind their calls, neighbouring
 * assistant messages joined, the leading system messages in one unless the backend knows `developer`.
 */
export function encodeMessages(messages: readonly Message[], encoding: MessageEncoding): JsonObject[] {
  const history = normaliseHistory(messages);
  encoding.losses.push(...history.losses);
  const encoded: JsonObject[] = [];
  let assistant: AssistantPart[] | undefined;
  let assistantPath = '';

  function closeAssistant(): void {
    if (!assistant) return;
    const message = encodeAssistant(assistant, assistantPath, encoding);
    if (message) encoded.push(message);
    assistant = undefined;
  }

  history.messages.forEach((message, at) => {
    const path = `messages[${at}]`;
    if (message.role === 'assistant') {
      if (message.name) {
        noteOnce(encoding.losses, {
          path: `${path}.name`,
          what: 'assistant name',
          why: 'neighbouring answers are joined',
        });
      }
      if (assistant) assistant.push(...message.parts);
      else {
        assistant = [...message.parts];
        assistantPath = path;
      }
      return;
    }
    closeAssistant();
    if (message.role === 'tool') encoded.push(...encodeResults(message.parts, path, encoding));
    else if (message.role === 'user') {
      const content = encodeUserContent(message.parts, path, encoding.quirks, encoding.losses);
      encoded.push(message.name ? { role: 'user', name: message.name, content } : { role: 'user', content });
    } else addSystem(encoded, message.role, joinTexts(message.parts, path, encoding.losses), encoding.quirks);
  });
  closeAssistant();
  return encoded;
}

/** Chat templates often take one system message only, at the start: the leading ones are joined. */
function addSystem(
  encoded: JsonObject[],
  role: 'system' | 'developer',
  content: string,
  quirks: TargetQuirks,
): void {
  const before = encoded.at(-1);
  if (quirks.developerRole) encoded.push({ role, content });
  else if (encoded.length === 1 && before?.role === 'system')
    before.content = `${String(before.content)}\n\n${content}`;
  else encoded.push({ role: 'system', content });
}

function encodeResults(
  parts: readonly ToolResultPart[],
  path: string,
  encoding: MessageEncoding,
): JsonObject[] {
  const encoded: JsonObject[] = [];
  /** Chat takes no images in a tool message: they follow in a user message, behind all results of the round. */
  const media: UserPart[] = [];
  parts.forEach((part, at) => {
    const partPath = `${path}.parts[${at}]`;
    const texts = part.content.filter((piece) => piece.type === 'text');
    const others = part.content.filter((piece) => piece.type !== 'text');
    noteCache(part.cache, partPath, encoding.losses);
    if (part.isError) {
      noteOnce(encoding.losses, {
        path: partPath,
        what: 'is_error',
        why: 'Chat Completions has no mark for failed calls',
      });
    }
    const id = fitCallId(part.callId, encoding.quirks.callIds ?? 'openai');
    let content = joinTexts(texts, partPath, encoding.losses);
    if (others.length) {
      media.push({ type: 'text', text: `[Output of tool call ${id}]` }, ...others);
      content ||= '[The output follows in the next message.]';
    }
    encoded.push({ role: 'tool', tool_call_id: id, content });
  });
  if (media.length) {
    encoded.push({ role: 'user', content: encodeUserContent(media, path, encoding.quirks, encoding.losses) });
  }
  return encoded;
}
