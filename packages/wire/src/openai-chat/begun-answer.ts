import type { TurnRequest } from '../canonical/index.ts';
import { beginsAnswer, noteBegunAnswer } from '../losses/note.ts';
import type { MessageEncoding } from './encode-messages.ts';

type JsonObject = Record<string, unknown>;

/**
 * Says, in the backend's own way, that the last message is an answer to go on with; where there is none, that it may be
 * answered anew. Mistral refuses such a message unmarked (https://docs.mistral.ai/guides/prefix), Qwen goes on with one only
 * while it does not think (https://help.aliyun.com/en/model-studio/partial-mode).
 * @returns what the backend's answer may begin with although the client has it already
 */
export function encodeBegunAnswer(
  request: TurnRequest,
  body: { messages: JsonObject[] },
  { quirks, target, losses }: MessageEncoding,
): string | undefined {
  const last = body.messages.at(-1);
  if (!beginsAnswer(request, target) || last?.role !== 'assistant') return undefined;
  switch (quirks.begunAnswer) {
    case 'continued':
      return undefined;
    case 'prefix':
      last.prefix = true;
      return typeof last.content === 'string' ? last.content : undefined;
    case 'partial':
      if (thinks(request)) break;
      last.partial = true;
      return undefined;
    case 'final-message':
      Object.assign(body, { continue_final_message: true, add_generation_prompt: false });
      return undefined;
  }
  noteBegunAnswer(request, target, losses);
  return undefined;
}

const thinks = ({ reasoning }: TurnRequest): boolean =>
  reasoning !== undefined && !reasoning.disabled && reasoning.effort !== 'none';

/** Leaves out what an answer says again of its own beginning, however it is cut into pieces. */
export function createEchoFilter(echo = '') {
  let undecided = echo !== '';
  let held = '';
  return {
    /** What is new in the next piece; nothing while it may all be said again. */
    take(text: string): string {
      if (!undecided) return text;
      held += text;
      if (held.length < echo.length && echo.startsWith(held)) return '';
      undecided = false;
      return held.startsWith(echo) ? held.slice(echo.length) : held;
    },
    /** The answer is over: what was held back was new after all. */
    end(): string {
      const rest = undecided ? held : '';
      undecided = false;
      return rest;
    },
  };
}
