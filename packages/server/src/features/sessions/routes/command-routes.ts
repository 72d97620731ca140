import { z } from 'zod';
import {
  CommandAck,
  CommandInput,
  CommandResult,
  Lease,
  LeaseRequest,
  SessionCommand,
} from '@vigiles/contract';
import { fault, raise, type FaultKind } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import { commandNotFound } from '../faults.ts';
import { actorOf, CommandParams, common, SessionParams, Wait, type SessionRoutesDeps } from './kit.ts';

/** What a refused command is over HTTP. */
const kinds: Record<string, FaultKind> = {
  scope_missing: 'forbidden',
  session_not_found: 'not-found',
  decision_not_found: 'not-found',
  command_id_conflict: 'conflict',
  expected_seq_conflict: 'conflict',
  not_halted: 'conflict',
  not_running: 'conflict',
  decision_made: 'conflict',
};

/** Commands from people, and the way to those who carry them out: poll, acknowledge, lease. */
export function commandRoutes({ sessions }: SessionRoutesDeps): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/sessions/:session_id/commands',
      operationId: 'commandSession',
      summary: 'Give a session a command; accepted is not done: `state` says how far it is',
      scope: 'sessions:command',
      audit: 'session.command',
      params: SessionParams,
      // Without a type it is refused in the same words as at every other door.
      body: CommandInput.extend({ type: CommandInput.shape.type.optional() }),
      success: CommandResult,
      successStatus: 202,
      faults: [
        'session_not_found',
        'type_required',
        'unknown_type',
        'missing_argument',
        'invalid_argument',
        ...Object.keys(kinds),
      ],
      handle: async ({ identity, params: { session_id }, body }) => {
        await sessions.open(identity, session_id, 'command');
        const result = await sessions.command(identity, { ...body, type: body.type, session_id });
        if (result.success) return result;
        const { error = 'The command was refused', code = 'command_refused', ...details } = result;
        return raise(fault(kinds[code] ?? 'invalid', code, error, { details }));
      },
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/sessions/:session_id/commands',
      operationId: 'listCommands',
      summary:
        'Commands of a session, newest first; with `epoch` the next ones for its orchestrator, which may wait for them',
      tier: 'attached',
      scope: 'sessions:read',
      audit: 'none',
      params: SessionParams,
      query: z.object({
        epoch: z.coerce
          .number()
          .int()
          .min(1)
          .optional()
          .meta({ description: 'Of the lease: commands are handed out under it' }),
        having: z.string().max(20_000).optional().meta({
          description:
            'With `epoch`: ids of commands you got and have not settled, separated by commas; may be empty. Others that were handed to you are handed out again, because the answer they were in never reached you.',
        }),
        wait: Wait,
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
      success: z.object({ commands: z.array(SessionCommand) }),
      faults: ['session_not_found', 'stale_epoch'],
      handle: async ({ identity, params: { session_id }, query, signal }) => {
        const { epoch, having, wait, limit } = query;
        if (epoch === undefined) {
          await sessions.open(identity, session_id, 'read');
          return { commands: await sessions.commands(session_id, limit) };
        }
        await sessions.open(identity, session_id, 'produce');
        const known = having === undefined ? undefined : new Set(having.split(','));
        return { commands: await sessions.nextCommands(session_id, epoch, wait * 1000, signal, known) };
      },
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/sessions/:session_id/commands/:command_id',
      operationId: 'getCommand',
      summary: 'How far a command is',
      scope: 'sessions:read',
      audit: 'none',
      tier: 'light',
      params: CommandParams,
      success: SessionCommand,
      faults: ['session_not_found', 'command_not_found'],
      handle: async ({ identity, params: { session_id, command_id } }) => {
        await sessions.open(identity, session_id, 'read');
        return (await sessions.commandById(session_id, command_id)) ?? raise(commandNotFound(command_id));
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/sessions/:session_id/commands/:command_id/ack',
      operationId: 'acknowledgeCommand',
      summary: 'Say what came of a command; a HALT counts only with evidence',
      scope: 'sessions:produce',
      audit: 'none',
      tier: 'attached',
      params: CommandParams,
      body: CommandAck,
      success: SessionCommand,
      faults: [
        'session_not_found',
        'command_not_found',
        'stale_epoch',
        'already_settled',
        'evidence_required',
      ],
      handle: async ({ identity, params: { session_id, command_id }, body }) => {
        await sessions.open(identity, session_id, 'produce');
        return sessions.settleCommand({ sessionId: session_id, commandId: command_id, ...body });
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/sessions/:session_id/lease',
      operationId: 'takeLease',
      summary: 'Take over carrying out a session’s commands; each taking has a higher epoch',
      scope: 'sessions:produce',
      audit: 'none',
      params: SessionParams,
      body: LeaseRequest,
      success: Lease,
      faults: ['session_not_found', 'lease_held'],
      handle: async ({ identity, params: { session_id }, body }) => {
        await sessions.open(identity, session_id, 'produce');
        return sessions.lease(session_id, { ...body, deviceId: identity.deviceId });
      },
    }),
    defineRoute({
      ...common,
      method: 'PUT',
      path: '/api/v1/sessions/:session_id/lease',
      operationId: 'renewLease',
      summary: 'A sign of life; polling for commands is one too',
      scope: 'sessions:produce',
      audit: 'none',
      tier: 'attached',
      params: SessionParams,
      body: z.object({ epoch: z.int().min(1) }),
      success: Lease,
      faults: ['session_not_found', 'stale_epoch'],
      handle: async ({ identity, params: { session_id }, body }) => {
        await sessions.open(identity, session_id, 'produce');
        return sessions.renewLease(session_id, body.epoch);
      },
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      path: '/api/v1/sessions/:session_id/lease',
      operationId: 'releaseLease',
      summary: 'Give the lease back',
      scope: 'sessions:produce',
      audit: 'none',
      params: SessionParams,
      query: z.object({ epoch: z.coerce.number().int().min(1) }),
      success: z.object({ success: z.literal(true) }),
      faults: ['session_not_found', 'stale_epoch'],
      handle: async ({ identity, params: { session_id }, query: { epoch } }) => {
        await sessions.open(identity, session_id, 'produce');
        await sessions.releaseLease(session_id, epoch, `${actorOf(identity)} gave it back`);
        return { success: true as const };
      },
    }),
  ];
}
