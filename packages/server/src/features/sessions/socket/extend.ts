import { z } from 'zod';
import { DecisionExtension } from '@vigiles/contract';
import { toFault } from '../../../kernel/fault.ts';
import { envelopeOf } from '../../../platform/http/index.ts';
import type { Guest } from '../../events/index.ts';
import { timestamp, type SocketDeps } from './deps.ts';

const ExtendDecision = DecisionExtension.extend({
  session_id: z.string().min(1).max(128).nullish(),
  decision_id: z.string().min(1).max(128),
});

/** `extend_decision` → `extend_decision:result`: more time for a question that waits. */
export const createExtender =
  (deps: SocketDeps, guest: Guest, bound: () => string | null) =>
  async (payload: unknown, ack: unknown): Promise<void> => {
    const name = 'extend_decision:result';
    const parsed = ExtendDecision.safeParse(payload);
    const sessionId = parsed.data?.session_id ?? bound();
    if (!parsed.success || !sessionId) {
      const [issue] = parsed.error?.issues ?? [];
      const error = issue ? `${issue.path.join('.')}: ${issue.message}` : 'session_id is required';
      return guest.reply(
        name,
        { success: false, error, code: 'invalid_request', timestamp: timestamp(deps) },
        ack,
      );
    }
    const { decision_id: decisionId, seconds } = parsed.data;
    try {
      const decision = await deps.sessions.extend(guest.identity, sessionId, decisionId, seconds);
      return guest.reply(name, { success: true, decision, timestamp: timestamp(deps) }, ack);
    } catch (thrown) {
      return guest.reply(name, envelopeOf(toFault(thrown), deps.clock.now()), ack);
    }
  };
