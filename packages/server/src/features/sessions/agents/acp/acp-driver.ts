import {
  methods,
  type ClientContext,
  type PromptRequest,
  type PromptResponse,
} from '@agentclientprotocol/sdk';
import { fieldsOf } from '../read.ts';
import type { TurnDriver, TurnEnd } from '../turns/turn-driver.ts';

export interface AcpDriverOptions {
  agent: ClientContext;
  sessionId(): string;
  steering: boolean;
  newTurnId(): string;
  /** A turn ended, with the answer to its prompt, or with what went wrong. */
  ended(turnId: string, end: TurnEnd, detail: Record<string, unknown>, answer: unknown): void;
  /** Its open questions must be answered before the agent can end a turn. */
  cancelling(): void;
}

const text = (words: string) => [{ type: 'text' as const, text: words }];
const failedReasons = new Set(['refusal', 'max_tokens', 'max_turn_requests']);
const messageOf = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message : 'it failed').slice(0, 2000);

/** Steering is an extension; the adapter around Codex offers it. */
const STEERING = '_session/steering';

/** Turns over the Agent Client Protocol, version 1: a turn is a `session/prompt` and lasts until its answer. */
export function createAcpDriver(options: AcpDriverOptions): TurnDriver {
  const { agent, sessionId, ended } = options;
  return {
    async start(words) {
      const turnId = options.newTurnId();
      const prompt = agent.request<PromptResponse, PromptRequest>(methods.agent.session.prompt, {
        sessionId: sessionId(),
        prompt: text(words),
      });
      // Its answer is the turn's end: nobody waits for it here.
      void prompt.then(
        (answer) => {
          const { stopReason } = answer;
          const end =
            stopReason === 'cancelled'
              ? 'interrupted'
              : failedReasons.has(stopReason)
                ? 'failed'
                : 'completed';
          ended(turnId, end, end === 'failed' ? { error: stopReason } : { stop_reason: stopReason }, answer);
        },
        (thrown: unknown) => ended(turnId, 'failed', { error: messageOf(thrown) }, null),
      );
      return { turn_id: turnId };
    },
    steer: options.steering
      ? async (words) => {
          const answer = await agent.request(STEERING, {
            sessionId: sessionId(),
            prompt: text(words),
            _meta: { steering: { idleBehavior: 'promptRequired' } },
          });
          const { outcome } = fieldsOf(answer);
          if (outcome === 'injected') return { outcome };
          if (outcome === 'promptRequired') return null;
          throw new Error(`steering: ${String(outcome)}`);
        }
      : null,
    async interrupt() {
      options.cancelling();
      await agent.notify(methods.agent.session.cancel, { sessionId: sessionId() });
    },
    clear: async () => ({}),
    rewind: null,
  };
}
