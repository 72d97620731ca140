import { z } from 'zod';
import { NewSession, Session, Skill } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import { actorOf, makerOf, reachOf, SessionParams, type SessionRoutesDeps } from './kit.ts';
import { SkillQuery } from './skill-routes.ts';

const common = { tag: 'sessions', tier: 'standard', detail: true } as const;

/** Sessions that one answer lists; the API under `/api/v1` has pages. */
const most = 500;

/**
 * The session server's paths as its first clients know them: the same bodies, codes and texts, with `detail` in errors
 * as FastAPI has it. Fields are only added.
 */
export function seedRoutes({ sessions, skills, now }: SessionRoutesDeps): Route[] {
  const stamp = () => new Date(now()).toISOString();
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/skills',
      operationId: 'listSkillsSeed',
      summary: 'Skills that agents have',
      scope: 'sessions:read',
      audit: 'none',
      query: SkillQuery,
      success: z.object({ skills: z.array(Skill), count: z.number(), timestamp: z.string() }),
      faults: [],
      handle: async ({ identity, query }) => {
        const found = await skills.list(reachOf(identity).tenant, query);
        return { skills: found, count: found.length, timestamp: stamp() };
      },
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/skills/:name',
      operationId: 'getSkillSeed',
      summary: 'One skill',
      scope: 'sessions:read',
      audit: 'none',
      params: z.object({ name: z.string().min(1).max(200) }),
      success: Skill,
      faults: ['skill_not_found'],
      handle: ({ identity, params }) => skills.require(reachOf(identity).tenant, params.name),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/sessions',
      operationId: 'listSessionsSeed',
      summary: 'Sessions, the most recently active first',
      scope: 'sessions:read',
      audit: 'none',
      success: z.object({ sessions: z.array(Session), count: z.number(), timestamp: z.string() }),
      faults: [],
      handle: async ({ identity }) => {
        const { sessions: found } = await sessions.list({ ...reachOf(identity), limit: most });
        return { sessions: found, count: found.length, timestamp: stamp() };
      },
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/sessions/:session_id',
      operationId: 'getSessionSeed',
      summary: 'One session',
      scope: 'sessions:read',
      audit: 'none',
      params: SessionParams,
      success: Session,
      faults: ['session_not_found'],
      handle: ({ identity, params }) => sessions.open(identity, params.session_id, 'read'),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/sessions',
      operationId: 'createSessionSeed',
      summary: 'Make a session',
      scope: 'sessions:produce',
      audit: 'session.create',
      body: z
        .looseObject({ session_id: z.unknown(), skills: z.unknown(), metadata: z.unknown() })
        .partial()
        .nullish(),
      success: Session,
      faults: ['session_id_required', 'session_exists', 'too_many_sessions'],
      handle: async ({ identity, body }) => {
        const { session_id, skills: names, metadata } = body ?? {};
        if (session_id === undefined || session_id === null || session_id === '')
          raise(fault('invalid', 'session_id_required', 'session_id is required'));
        const parsed = NewSession.safeParse({
          session_id,
          ...(names === undefined || names === null ? {} : { skills: names }),
          ...(metadata === undefined || metadata === null ? {} : { metadata }),
        });
        if (parsed.success) return sessions.create(parsed.data, makerOf(identity));
        const issue = parsed.error.issues[0];
        return raise(
          fault(
            'invalid',
            'invalid_request',
            `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'not valid'}`,
          ),
        );
      },
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      path: '/api/sessions/:session_id',
      operationId: 'deleteSessionSeed',
      summary: 'Delete a session with its log',
      scope: 'sessions:command',
      audit: 'session.delete',
      params: SessionParams,
      success: z.object({ message: z.string(), session_id: z.string(), timestamp: z.string() }),
      faults: ['session_not_found'],
      handle: async ({ identity, params: { session_id } }) => {
        await sessions.open(identity, session_id, 'command');
        await sessions.remove(session_id, actorOf(identity));
        return { message: `Session deleted: ${session_id}`, session_id, timestamp: stamp() };
      },
    }),
  ];
}
