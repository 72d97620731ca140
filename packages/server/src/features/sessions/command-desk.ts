import {
  allows,
  CommandInput,
  type CommandResult,
  type Identity,
  type SessionCommand,
} from '@vigiles/contract';
import { toFault } from '../../kernel/fault.ts';
import { seesWholeTenant, visible } from './access.ts';
import type { Accepted, CommandRequest, createAcceptance } from './commands/accept-command.ts';
import { acceptedText } from './core/admit-command.ts';
import type { Decisions } from './decisions/decisions.ts';
import type { SessionsKit } from './kit.ts';
import { commandOf } from './row.ts';
import type { CommandRow } from './tables.ts';

export interface CommandDeskDeps {
  kit: SessionsKit;
  acceptance: ReturnType<typeof createAcceptance>;
  decisions: Decisions;
  /** Called after a command was accepted or a decision answered. */
  accepted(sessionId: string, command: SessionCommand | null): void;
}

/** Where people's commands come in, from whatever door: every answer is the seed's `command:result`. */
export function createCommandDesk({ kit, acceptance, decisions, accepted }: CommandDeskDeps) {
  const { db, clock, config } = kit;
  const { failure } = acceptance;
  /** As people see it: only whoever carries it out gets the secrets in it. */
  const shown = (row: CommandRow): SessionCommand => commandOf({ ...row, args: kit.clean(row.args) });

  const owner = (sessionId: string) =>
    db
      .selectFrom('session')
      .select(['tenant', 'owner_device_id'])
      .where('session_id', '=', sessionId)
      .executeTakeFirst();

  async function decide(
    identity: Identity,
    actor: string,
    sessionId: string | undefined,
    args: Record<string, unknown>,
    commandId: string | undefined,
  ): Promise<CommandResult> {
    const now = clock.now();
    const decisionId = String(args['decision_id']);
    const choice = typeof args['choice'] === 'string' ? args['choice'] : JSON.stringify(args['choice']);
    const more = { decision_id: decisionId, ...(commandId === undefined ? {} : { command_id: commandId }) };
    const fail = (error: string, code: string, extra: object = {}) =>
      failure('DECISION', error, code, now, { ...more, ...extra });
    // The seed names decisions without their session: only what is visible counts.
    const candidates = sessionId === undefined ? await decisions.byId(decisionId) : [];
    let target = sessionId;
    for (const { session_id } of candidates) {
      const owned = await owner(session_id);
      if (target === undefined && owned && visible(identity, owned)) target = session_id;
    }
    const owned = target === undefined ? undefined : await owner(target);
    if (target === undefined || !owned || !visible(identity, owned))
      return sessionId === undefined
        ? fail(`Decision not found: ${decisionId}`, 'decision_not_found')
        : fail(`Session not found: ${sessionId}`, 'session_not_found');
    try {
      const outcome = await decisions.answer(
        target,
        decisionId,
        choice,
        { actor, deviceId: identity.deviceId },
        {
          ...(commandId === undefined ? {} : { commandId }),
          ...(typeof args['note'] === 'string' ? { note: args['note'].slice(0, 2000) } : {}),
        },
      );
      const { decision } = outcome;
      if (outcome.kind === 'taken') accepted(target, null);
      const about = { session_id: target, resolution: decision.resolution };
      if (outcome.kind === 'lost') return fail(outcome.error, 'decision_made', about);
      if (outcome.kind === 'wrong') return fail(outcome.error, 'invalid_choice', about);
      const { message, extras } = acceptedText('DECISION', { decision_id: decisionId, choice });
      return {
        success: true,
        message,
        ...extras,
        ...more,
        ...about,
        state: 'applied',
        timestamp: new Date(now).toISOString(),
        command_type: 'DECISION',
      };
    } catch (thrown) {
      const { message, code } = toFault(thrown);
      return fail(message, code, { session_id: target });
    }
  }

  return {
    /**
     * Takes a command from whoever may give it. Never throws for what the sender did wrong: `success` is false then
     * and `error` says why, in the seed's words where it has them.
     */
    async command(identity: Identity, input: CommandInput): Promise<CommandResult> {
      const now = clock.now();
      const checked = acceptance.check(input);
      const stamp = new Date(now).toISOString();
      if (!checked.ok)
        return {
          success: false,
          error: checked.error,
          code: checked.code,
          timestamp: stamp,
          ...(checked.type === undefined ? {} : { command_type: checked.type }),
        };
      const { type, args } = checked;
      const parsed = CommandInput.safeParse(input);
      if (!parsed.success) {
        const issue = parsed.error.issues[0];
        return failure(
          type,
          `${String(issue?.path[0] ?? 'command')}: ${issue?.message ?? 'not valid'}`,
          'invalid_argument',
          now,
        );
      }
      const { session_id: sessionId, command_id: commandId, expected_seq, ttl_s } = parsed.data;
      const actor = `device:${identity.deviceId}`;
      if (!allows(identity, 'sessions:command') || !seesWholeTenant(identity))
        return failure(type, 'This needs the scope "sessions:command".', 'scope_missing', now);
      if (JSON.stringify(args).length > config().sessions.max_event_kb * 1024)
        return failure(type, 'The command is too large', 'command_too_large', now);
      if (type === 'DECISION') return decide(identity, actor, sessionId, args, commandId);
      if (sessionId === undefined || sessionId === '')
        return failure(type, 'session_id is required', 'missing_argument', now);
      const owned = await owner(sessionId);
      if (!owned || !visible(identity, owned))
        return failure(type, `Session not found: ${sessionId}`, 'session_not_found', now);
      const taken: Accepted = await acceptance.accept({
        actor,
        sessionId,
        type,
        args,
        commandId: commandId ?? null,
        expectedSeq: expected_seq ?? null,
        ttlMs: (ttl_s ?? config().sessions.command_ttl_s) * 1000,
      });
      if (taken.command) accepted(sessionId, taken.command);
      return taken.result;
    },

    /** The same from within Vigiles: the watchdog. */
    async byVigiles(
      sessionId: string,
      type: 'HALT' | 'RESUME' | 'ROLLBACK',
      args: Record<string, unknown>,
      actor: string,
      commandId: string | null = null,
    ): Promise<Accepted> {
      const taken = await acceptance.accept({
        actor,
        sessionId,
        type,
        args,
        commandId,
        expectedSeq: null,
        ttlMs: config().sessions.command_ttl_s * 1000,
      });
      if (taken.command) accepted(sessionId, taken.command);
      return taken;
    },

    /** A decision that nobody answered in time; where its session is to halt then, that stands as soon as the end of the decision. */
    async expire(sessionId: string, decisionId: string): Promise<void> {
      const holder = await acceptance.holderOf(sessionId);
      const halt: CommandRequest = {
        actor: 'system',
        sessionId,
        type: 'HALT',
        args: { reason: 'Nobody answered a decision in time' },
        commandId: null,
        expectedSeq: null,
        ttlMs: config().sessions.command_ttl_s * 1000,
      };
      let taken: Accepted | null = null;
      await decisions.expire(sessionId, decisionId, async (tx) => {
        taken = await acceptance.acceptIn(tx, halt, holder);
      });
      accepted(sessionId, (taken as Accepted | null)?.command ?? null);
    },

    /** Newest first. */
    async list(sessionId: string, limit: number): Promise<SessionCommand[]> {
      const rows = await db
        .selectFrom('session_command')
        .selectAll()
        .where('session_id', '=', sessionId)
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute();
      return rows.map(shown);
    },

    async get(sessionId: string, commandId: string): Promise<SessionCommand | null> {
      const row = await db
        .selectFrom('session_command')
        .selectAll()
        .where('session_id', '=', sessionId)
        .where('command_id', '=', commandId)
        .executeTakeFirst();
      return row ? shown(row) : null;
    },
  };
}

export type CommandDesk = ReturnType<typeof createCommandDesk>;
