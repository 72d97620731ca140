import { gatewayError } from './send-error.ts';
import type { Turn } from './turn.ts';

/** What the engine throws where recursion leaves the stack: only a body nested thousands of levels deep brings translation there. */
const isTooDeep = (thrown: unknown): boolean =>
  thrown instanceof RangeError && thrown.message.includes('call stack');

/** Ends a turn on which the gateway itself failed. What nobody could translate is the request's own fault, and no failure. */
export function failInside(turn: Turn, thrown: unknown): void {
  if (isTooDeep(thrown)) {
    turn.fail(
      gatewayError('invalid-request', 'The request is nested too deep to be translated.', {
        code: 'body_too_deep',
      }),
      'rejected',
    );
    return;
  }
  turn.core.log.error({ err: thrown, turn: turn.id }, 'a turn failed inside the gateway');
  turn.fail(
    gatewayError('server', 'The gateway failed on this turn; its log has the cause.'),
    'gateway_error',
  );
}
