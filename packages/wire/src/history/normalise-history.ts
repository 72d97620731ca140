import type { Loss, Message, ToolCallPart, ToolResultPart, UserPart } from '../canonical/index.ts';

type AssistantMessage = Extract<Message, { role: 'assistant' }>;

/** What an upstream is told about a call that has no result in the history. */
const MISSING_RESULT = 'No result was recorded for this call.';

/**
 * Puts a history into the order Chat Completions and Anthropic Messages insist on: the results of a call stand
 * directly after the assistant message that made it, in call order, once each.
 * A call without a result gets a stub; a result without a call becomes user text; repeated results are left out.
 * Assistant messages are joined when a call would otherwise be cut off from its result by another assistant message;
 * other neighbours of the same role stay apart.
 */
export function normaliseHistory(messages: readonly Message[]): { messages: Message[]; losses: Loss[] } {
  const losses: Loss[] = [];
  const results = collectResults(messages);
  const calls = new Map<string, ToolCallPart[]>();
  const ordered: Message[] = [];
  let open: AssistantMessage | undefined;

  function closeOpen(): void {
    if (!open) return;
    ordered.push(open);
    const answers: ToolResultPart[] = [];
    for (const part of open.parts) if (part.type === 'tool-call') answers.push(answer(part));
    if (answers.length) ordered.push({ role: 'tool', parts: answers });
    open = undefined;
  }

  /** The n-th use of an id takes the n-th result of that id: some models count their ids from 0 in every turn. */
  function answer(call: ToolCallPart): ToolResultPart {
    const same = calls.get(originalId.get(call) ?? call.id) ?? [];
    const part = results.get(originalId.get(call) ?? call.id)?.[same.indexOf(call)];
    if (!part) {
      return {
        type: 'tool-result',
        kind: call.kind,
        callId: call.id,
        content: [{ type: 'text', text: MISSING_RESULT }],
      };
    }
    return part.callId === call.id && part.kind === call.kind
      ? part
      : { ...part, callId: call.id, kind: call.kind };
  }

  const originalId = new Map<ToolCallPart, string>();

  /** Ids must be unique in a request: a repeated call is left out, a reused id gets a counter. */
  function admitCall(call: ToolCallPart, path: string): ToolCallPart | undefined {
    const same = calls.get(call.id);
    if (!same) {
      calls.set(call.id, [call]);
      return call;
    }
    const first = same[0];
    const hasOwnResult = (results.get(call.id)?.length ?? 0) > same.length;
    if (!hasOwnResult && first?.name === call.name && first.input === call.input) {
      losses.push({
        path,
        what: `repeated call ${call.id}`,
        why: 'a call id may stand only once in a history',
      });
      return undefined;
    }
    const renamed = { ...call, id: `${call.id}_${same.length + 1}` };
    originalId.set(renamed, call.id);
    same.push(renamed);
    return renamed;
  }

  function takeAssistant(message: AssistantMessage, at: number): void {
    const parts: AssistantMessage['parts'] = [];
    for (const [index, part] of message.parts.entries()) {
      const kept = part.type === 'tool-call' ? admitCall(part, `messages[${at}].parts[${index}]`) : part;
      if (kept) parts.push(kept);
    }
    if (open?.parts.some((part) => part.type === 'tool-call')) {
      open = { ...open, parts: [...open.parts, ...parts] };
      return;
    }
    closeOpen();
    open = { ...message, parts };
  }

  /** Results are written where their call is; a tool message itself only leaves its orphans behind. */
  function takeResults(parts: readonly ToolResultPart[], at: number): void {
    const orphans: UserPart[] = [];
    for (const [index, part] of parts.entries()) {
      if (isAwaited(part)) continue;
      const path = `messages[${at}].parts[${index}]`;
      if (callIds.has(part.callId)) {
        const why = 'a call takes one result';
        losses.push({ path, what: `repeated result of call ${part.callId}`, why });
        continue;
      }
      const why = 'the target takes a result only after its call; its content is kept as user text';
      losses.push({ path, what: `tool result without a call (${part.callId})`, why });
      orphans.push(
        { type: 'text', text: `[Result of an earlier tool call ${part.callId}]` },
        ...part.content,
      );
    }
    if (orphans.length) ordered.push({ role: 'user', parts: orphans });
  }

  /** A result that stands before its call is taken when the call comes. */
  function isAwaited(part: ToolResultPart): boolean {
    const position = results.get(part.callId)?.indexOf(part) ?? -1;
    return position < (callCounts.get(part.callId) ?? 0);
  }

  const callCounts = countCalls(messages);
  const callIds = new Set(callCounts.keys());
  for (const [at, message] of messages.entries()) {
    if (message.role === 'assistant') takeAssistant(message, at);
    else {
      closeOpen();
      if (message.role === 'tool') takeResults(message.parts, at);
      else ordered.push(message);
    }
  }
  closeOpen();
  return { messages: ordered, losses };
}

function collectResults(messages: readonly Message[]): Map<string, ToolResultPart[]> {
  const results = new Map<string, ToolResultPart[]>();
  for (const message of messages) {
    if (message.role !== 'tool') continue;
    for (const part of message.parts) {
      const same = results.get(part.callId);
      if (same) same.push(part);
      else results.set(part.callId, [part]);
    }
  }
  return results;
}

function countCalls(messages: readonly Message[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const message of messages) {
    if (message.role !== 'assistant') continue;
    for (const part of message.parts) {
      if (part.type === 'tool-call') counts.set(part.id, (counts.get(part.id) ?? 0) + 1);
    }
  }
  return counts;
}
