import * as fc from 'fast-check';
import type { AssistantPart, TurnEvent, Usage } from '../canonical/index.ts';

/** Any text, emoji and lone surrogates included. */
export const anyText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });

const jsonObject = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.oneof(anyText, fc.integer(), fc.boolean()), {
    maxKeys: 4,
  })
  .map((value) => JSON.stringify(value));

export const callId = fc.stringMatching(/^call_[a-zA-Z0-9]{8,12}$/);

/** Parts of an answer that both Chat and Messages can stream. Custom calls use the tool `apply_patch`. */
export const answerPart: fc.Arbitrary<AssistantPart> = fc.oneof(
  anyText.map((text): AssistantPart => ({ type: 'text', text })),
  anyText.map((text): AssistantPart => ({ type: 'reasoning', text, summary: [] })),
  fc.tuple(callId, jsonObject).map(([id, input]): AssistantPart => ({
    type: 'tool-call',
    kind: 'function',
    id,
    name: 'look_up',
    input,
  })),
  fc.tuple(callId, anyText).map(([id, input]): AssistantPart => ({
    type: 'tool-call',
    kind: 'custom',
    id,
    name: 'run_code',
    input,
  })),
);

export const usage: fc.Arbitrary<Usage> = fc
  .record({ fresh: fc.nat(9999), read: fc.nat(9999), written: fc.nat(999), out: fc.nat(9999) })
  .map(({ fresh, read, written, out }) => ({
    inputTokens: fresh + read + written,
    outputTokens: out,
    cachedInputTokens: read,
    cacheWriteTokens: written,
  }));

/** A turn as events, its text cut into pieces and, where asked, its calls overlapping. */
export function eventsOf(parts: readonly AssistantPart[], counted: Usage, overlap: boolean): TurnEvent[] {
  const blocks = parts.map((part, index) => blockOf(part, index));
  const body: TurnEvent[] = [];
  if (overlap) {
    // All blocks open in order, then each brings a piece in turn.
    for (const block of blocks) body.push(block.shift() as TurnEvent);
    while (blocks.some((block) => block.length)) {
      for (const block of blocks) {
        const event = block.shift();
        if (event) body.push(event);
      }
    }
  } else body.push(...blocks.flat());
  const calls = parts.some((part) => part.type === 'tool-call');
  return [
    { type: 'start', id: 'turn_1', model: 'm', createdAt: 1_700_000_000 },
    ...body,
    { type: 'finish', reason: calls ? 'tool-calls' : 'stop', usage: counted },
  ];
}

function blockOf(part: AssistantPart, index: number): TurnEvent[] {
  switch (part.type) {
    case 'text':
      return [
        { type: 'text-start', index },
        ...cut(part.text).map((text): TurnEvent => ({ type: 'text-delta', index, text })),
        { type: 'text-end', index },
      ];
    case 'reasoning':
      return [
        { type: 'reasoning-start', index },
        ...cut(part.text).map((text): TurnEvent => ({
          type: 'reasoning-delta',
          index,
          channel: 'text',
          part: 0,
          text,
        })),
        { type: 'reasoning-end', index, ...(part.signature && { signature: part.signature }) },
      ];
    case 'tool-call': {
      const { kind, id, name, input } = part;
      return [
        { type: 'tool-call-start', index, kind, id, name },
        ...cut(input).map((text): TurnEvent => ({ type: 'tool-call-delta', index, text })),
        { type: 'tool-call-end', index, input },
      ];
    }
    default:
      throw new Error(`no events for ${part.type}`);
  }
}

function cut(text: string): string[] {
  const half = Math.floor(text.length / 2);
  return half === 0 ? [text] : [text.slice(0, half), text.slice(half)];
}
