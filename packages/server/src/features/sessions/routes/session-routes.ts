import { z } from 'zod';
import {
  AgentKind,
  AppendedEvent,
  Checkpoint,
  Lease,
  NewCheckpoint,
  NewSession,
  NewSessionEvent,
  NewVolatileEvent,
  Session,
  SessionEvent,
  SessionPhase,
  SessionStatus,
} from '@vigiles/contract';
import { raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import { stageSample } from '../core/stage-sample.ts';
import { exportFormats, exportSession } from '../export/export-session.ts';
import { actorOf, common, makerOf, reachOf, SessionParams, type SessionRoutesDeps } from './kit.ts';

/** Words separated by commas, each of which has to be one of the schema's. */
const listOf = <Word extends z.ZodType<string, string>>(word: Word) =>
  z
    .string()
    .max(500)
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .pipe(z.array(word));

const Types = listOf(z.string().regex(/^[a-z][a-z0-9_]*(:[a-z0-9_]+)*(:?\*)?$/, 'a type, or topic:*'));

const ListQuery = z.object({
  status: listOf(SessionStatus).optional(),
  phase: listOf(SessionPhase).optional(),
  agent: AgentKind.optional(),
  q: z.string().max(200).optional().meta({ description: 'Part of the id or the title' }),
  waiting: z.stringbool().default(false).meta({ description: 'Only those with a decision that waits' }),
  cursor: z.string().max(200).optional().meta({ description: '`next_cursor` of the page before' }),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

const EventsQuery = z.object({
  after_seq: z.coerce.number().int().min(0).default(0).meta({ description: 'Only events with a higher seq' }),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  types: Types.optional().meta({ description: 'Types separated by commas; `skill:*` is a whole topic' }),
});

/** Sessions, their logs and their checkpoints. */
export function sessionRoutes({ sessions }: SessionRoutesDeps): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/sessions',
      operationId: 'listSessions',
      summary: 'Sessions, the most recently active first, in pages',
      scope: 'sessions:read',
      audit: 'none',
      query: ListQuery,
      success: z.object({ sessions: z.array(Session), next_cursor: z.string().nullable() }),
      faults: [],
      handle: async ({ identity, query: { q, status, phase, agent, waiting, cursor, limit } }) => {
        const { sessions: found, next } = await sessions.list({
          ...reachOf(identity),
          ...(status ? { status } : {}),
          ...(phase ? { phase } : {}),
          ...(agent ? { agent } : {}),
          ...(q === undefined ? {} : { text: q }),
          ...(cursor === undefined ? {} : { cursor }),
          waiting,
          limit,
        });
        return { sessions: found, next_cursor: next };
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/sessions',
      operationId: 'createSession',
      summary: 'Make a session; its id is made too where none is given',
      scope: 'sessions:produce',
      audit: 'session.create',
      body: NewSession,
      success: Session,
      successStatus: 201,
      faults: ['session_exists', 'too_many_sessions'],
      handle: ({ identity, body }) => sessions.create(body, makerOf(identity)),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/sessions/:session_id',
      operationId: 'getSession',
      summary: 'One session, who carries out its commands and who follows it',
      scope: 'sessions:read',
      audit: 'none',
      params: SessionParams,
      success: Session.extend({ lease: Lease.nullable(), watching: z.array(z.string()) }),
      faults: ['session_not_found'],
      handle: async ({ identity, params: { session_id } }) => {
        const session = await sessions.open(identity, session_id, 'read');
        const lease = await sessions.currentLease(session_id);
        return { ...session, lease, watching: sessions.watcherNames(session_id) };
      },
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      path: '/api/v1/sessions/:session_id',
      operationId: 'deleteSession',
      summary: 'Delete a session with its log',
      scope: 'sessions:command',
      audit: 'session.delete',
      params: SessionParams,
      success: z.object({ success: z.literal(true) }),
      faults: ['session_not_found', 'not_deleted'],
      handle: async ({ identity, params: { session_id } }) => {
        await sessions.open(identity, session_id, 'command');
        await sessions.remove(session_id, actorOf(identity));
        return { success: true as const };
      },
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/sessions/:session_id/events',
      operationId: 'listSessionEvents',
      summary: 'The log of a session after a sequence number, in pages',
      scope: 'sessions:read',
      audit: 'none',
      tier: 'light',
      params: SessionParams,
      query: EventsQuery,
      success: z.object({
        events: z.array(SessionEvent),
        /** Send it as `after_seq` to read on. */
        next_seq: z.number(),
        head_seq: z.number(),
        oldest_seq: z.number(),
        more: z.boolean(),
      }),
      faults: ['session_not_found'],
      handle: async ({ identity, params: { session_id }, query: { after_seq, limit, types } }) => {
        const { head_seq, oldest_seq } = await sessions.open(identity, session_id, 'read');
        const page = await sessions.read(session_id, {
          afterSeq: after_seq,
          limit,
          ...(types ? { types } : {}),
        });
        return { events: page.events, next_seq: page.nextSeq, head_seq, oldest_seq, more: page.more };
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/sessions/:session_id/events',
      operationId: 'appendSessionEvents',
      summary:
        'Append events; answered when they are on disk, and a local_id is stored once however often it is sent',
      scope: 'sessions:produce',
      audit: 'none',
      tier: 'attached',
      params: SessionParams,
      body: z.object({
        events: z.array(NewSessionEvent).min(1).max(1000),
        /** Of the lease, which is renewed: an orchestrator that was replaced is told so. */
        epoch: z.int().min(1).optional(),
      }),
      success: z.object({ events: z.array(AppendedEvent), head_seq: z.number() }),
      faults: [
        'session_not_found',
        'event_too_large',
        'reserved_type',
        'stale_epoch',
        'decision_id_used',
        'held_by_other',
        'sessions_busy',
      ],
      handle: async ({ identity, params: { session_id }, body }) => {
        await sessions.open(identity, session_id, 'produce');
        if (body.epoch !== undefined) await sessions.renewLease(session_id, body.epoch);
        const by = { actor: actorOf(identity), producer: identity.deviceId };
        const { events, headSeq } = await sessions.append(session_id, body.events, by);
        return { events, head_seq: headSeq };
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/sessions/:session_id/events/volatile',
      operationId: 'sendVolatileEvents',
      summary: 'Send live what is never stored: words while they are written, a bar that moves',
      scope: 'sessions:produce',
      audit: 'none',
      tier: 'attached',
      params: SessionParams,
      body: z.object({ events: z.array(NewVolatileEvent).min(1).max(100) }),
      success: z.object({ sent: z.number() }),
      successStatus: 202,
      faults: ['session_not_found', 'reserved_type', 'event_too_large', 'held_by_other'],
      handle: async ({ identity, params: { session_id }, body: { events } }) => {
        await sessions.open(identity, session_id, 'produce');
        const samples = events.map((each) => {
          const staged = stageSample(each);
          return staged.ok ? staged.value : raise(staged.fault);
        });
        await sessions.sample(identity, session_id, samples);
        return { sent: samples.length };
      },
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/sessions/:session_id/export',
      operationId: 'exportSession',
      summary: 'The whole log as JSON lines: as it is, or as AG-UI events',
      scope: 'sessions:read',
      audit: 'none',
      tier: 'heavy',
      download: 'application/x-ndjson; charset=utf-8',
      params: SessionParams,
      query: z.object({ format: z.enum(exportFormats).default('jsonl') }),
      success: z.any(),
      faults: ['session_not_found'],
      handle: async ({ identity, params: { session_id }, query: { format }, setHeader }) => {
        const session = await sessions.open(identity, session_id, 'read');
        const name = session_id.replaceAll(/[^A-Za-z0-9._-]/g, '_');
        setHeader('content-disposition', `attachment; filename="${name}.${format}.jsonl"`);
        return exportSession(sessions, session, format);
      },
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/sessions/:session_id/checkpoints',
      operationId: 'listCheckpoints',
      summary: 'Where a session can be taken back to, newest first',
      scope: 'sessions:read',
      audit: 'none',
      params: SessionParams,
      success: z.object({ checkpoints: z.array(Checkpoint) }),
      faults: ['session_not_found'],
      handle: async ({ identity, params: { session_id } }) => {
        await sessions.open(identity, session_id, 'read');
        return { checkpoints: await sessions.checkpoints.list(session_id) };
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/sessions/:session_id/checkpoints',
      operationId: 'createCheckpoint',
      summary: 'Note a checkpoint of an orchestrator’s own',
      scope: 'sessions:produce',
      audit: 'none',
      params: SessionParams,
      body: NewCheckpoint,
      success: Checkpoint,
      successStatus: 201,
      faults: ['session_not_found'],
      handle: async ({ identity, params: { session_id }, body }) => {
        await sessions.open(identity, session_id, 'produce');
        return sessions.checkpoints.add(session_id, body, actorOf(identity));
      },
    }),
  ];
}
