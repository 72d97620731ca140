import type { CommandResult, CommandState } from '@vigiles/contract';
import { toFault } from '../../../kernel/fault.ts';
import { createPace, type Guest } from '../../events/index.ts';
import { isObject, textOf, timestamp, type SocketDeps } from './deps.ts';

/** Commands one connection may give in a minute. */
const maxCommands = 120;
/** Commands whose further course a connection is told without following their session. */
const maxOwn = 200;

const open: ReadonlySet<string> = new Set<CommandState>(['queued', 'delivered']);

/**
 * The seed's `command`. `command:result` comes at once: `success` means accepted. How it goes on comes as
 * `command:update`, to those who follow the session and to whoever gave it.
 * @param hears whether the client hears this session's updates anyway
 */
export function createCommander(
  deps: SocketDeps,
  guest: Guest,
  bound: () => string | null,
  hears: (sessionId: string, type: string) => boolean,
) {
  const { sessions, hall, clock, newId, log } = deps;
  const pace = createPace(maxCommands);
  /** Commands given here that are not settled, oldest first, and how to leave their sessions' rooms. */
  const own = new Map<string, () => void>();

  const forget = (commandId: string): void => {
    own.get(commandId)?.();
    own.delete(commandId);
  };
  const watch = (sessionId: string, commandId: string): void => {
    forget(commandId);
    const oldest = own.keys().next();
    if (own.size >= maxOwn && !oldest.done) forget(oldest.value);
    const leave = hall.enter(sessionId, {
      heard(lines) {
        for (const { event, frame } of lines) {
          if (event.command_id !== commandId || event.type !== 'command:update') continue;
          if (!hears(sessionId, event.type)) guest.send(frame);
          if (!open.has(String(event.data['state']))) forget(commandId);
        }
      },
      sampled: () => undefined,
      deleted: () => forget(commandId),
    });
    own.set(commandId, leave);
  };
  const refusal = (error: string, more: object = {}): CommandResult => ({
    success: false,
    error,
    ...more,
    timestamp: timestamp(deps),
  });

  const resultOf = async (payload: unknown): Promise<CommandResult> => {
    const given = isObject(payload) ? payload : {};
    const waitMs = pace(clock.monotonic());
    if (waitMs > 0)
      return refusal('Too many commands on this connection.', {
        code: 'rate_limited',
        details: { retry_after_seconds: Math.ceil(waitMs / 1000) },
      });
    // The seed wants the session of a rollback named: nobody takes back the steps of another by mistake.
    const named = textOf(given['session_id']);
    const sessionId = named ?? (String(given['type']).toUpperCase() === 'ROLLBACK' ? null : bound());
    const commandId = textOf(given['command_id']) ?? newId('cmd');
    if (sessionId) watch(sessionId, commandId);
    try {
      const { session_id: _named, ...rest } = given;
      const input = { ...rest, command_id: commandId, ...(sessionId ? { session_id: sessionId } : {}) };
      const result = await sessions.command(guest.identity, input);
      // The same was under way already: its course is what counts.
      const counts = textOf(result.command_id);
      if (!result.success || !open.has(String(result.state))) forget(commandId);
      else if (sessionId && counts && counts !== commandId) {
        forget(commandId);
        watch(sessionId, counts);
      }
      return result;
    } catch (thrown) {
      forget(commandId);
      const { code, message, kind, cause } = toFault(thrown);
      if (kind === 'internal') log.error({ err: cause ?? thrown }, 'a command failed');
      return refusal(message, { code });
    }
  };

  return {
    async command(payload: unknown, ack: unknown): Promise<void> {
      guest.reply('command:result', await resultOf(payload), ack);
    },
    leave(): void {
      for (const commandId of own.keys()) forget(commandId);
    },
  };
}
