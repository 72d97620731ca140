import type { AssistantPart, ReasoningPart, ToolCallPart } from '../canonical/index.ts';
import { noteOnce } from '../losses/note.ts';
import { fitCallId, wrapCustomInput } from '../tools/index.ts';
import { encodeCallSignature } from './call-signature.ts';
import type { MessageEncoding } from './encode-messages.ts';
import { noteCache } from './encode-parts.ts';

type JsonObject = Record<string, unknown>;

/** The visible text of a reasoning part: the thinking itself, or else its summaries. */
export function reasoningText(part: ReasoningPart): string {
  return part.text || part.summary.join('\n\n');
}

/** One assistant message from the parts of a turn; nothing when no part of it can be carried. */
export function encodeAssistant(
  parts: readonly AssistantPart[],
  path: string,
  encoding: MessageEncoding,
): JsonObject | undefined {
  const { quirks, losses } = encoding;
  const thoughts: string[] = [];
  const calls: JsonObject[] = [];
  let content = '';
  let refusal = '';
  /** Something stood between two texts: they were not one flow. */
  let gap = false;
  function addText(text: string): void {
    content += gap && content && text ? `\n\n${text}` : text;
    gap = false;
  }
  parts.forEach((part, at) => {
    const partPath = `${path}.parts[${at}]`;
    switch (part.type) {
      case 'text':
        noteCache(part.cache, partPath, losses);
        addText(part.text);
        return;
      case 'refusal':
        if (quirks.refusalField) refusal += part.text;
        else addText(part.text);
        return;
      case 'reasoning':
        noteReasoning(part, partPath, encoding);
        if (reasoningText(part)) thoughts.push(reasoningText(part));
        break;
      case 'tool-call':
        noteCache(part.cache, partPath, losses);
        calls.push(encodeCall(part, partPath, encoding));
        break;
      case 'opaque':
        losses.push({ path: partPath, what: `${part.label} part`, why: 'Chat Completions has no such part' });
    }
    gap = true;
  });
  if (!content && !refusal && calls.length === 0) return undefined;
  const message: JsonObject = {
    role: 'assistant',
    content: content || (calls.length || refusal ? null : ''),
  };
  if (refusal) message.refusal = refusal;
  if (quirks.reasoningField && thoughts.length) message[quirks.reasoningField] = thoughts.join('\n\n');
  if (calls.length) message.tool_calls = calls;
  return message;
}

function noteReasoning(part: ReasoningPart, path: string, { quirks, losses }: MessageEncoding): void {
  if (part.signature) {
    noteOnce(losses, { path, what: 'reasoning signature', why: 'Chat Completions cannot carry it' });
  }
  if (!quirks.reasoningField && reasoningText(part)) {
    noteOnce(losses, { path, what: 'reasoning', why: 'the backend takes no reasoning in its history' });
  }
}

function encodeCall(
  part: ToolCallPart,
  path: string,
  { names, target, quirks, losses }: MessageEncoding,
): JsonObject {
  const input = part.kind === 'custom' ? wrapCustomInput(part.input) : part.input.trim() || '{}';
  const call: JsonObject = {
    id: fitCallId(part.id, quirks.callIds ?? 'openai'),
    type: 'function',
    function: { name: names.flatten(part), arguments: input },
  };
  if (part.signature) {
    if (part.signature.issuer === target.issuer) call.extra_content = encodeCallSignature(part.signature);
    else noteOnce(losses, { path, what: 'call signature', why: 'it was made by another provider' });
  }
  return call;
}
