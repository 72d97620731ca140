import { z } from 'zod';
import { Decision, DecisionAnswer, DecisionExtension, NewDecision } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import { decisionNotFound } from '../faults.ts';
import {
  actorOf,
  common,
  DecisionParams,
  reachOf,
  SessionParams,
  Wait,
  type SessionRoutesDeps,
} from './kit.ts';

const state = Decision.shape.state.optional();
const limit = z.coerce.number().int().min(1).max(500).default(100);

/** Questions of agents: asked by those who produce, answered by those who command. */
export function decisionRoutes({ sessions }: SessionRoutesDeps): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/decisions',
      operationId: 'listDecisions',
      summary: 'Decisions of all sessions: those that wait the oldest first, others the newest first',
      scope: 'sessions:read',
      audit: 'none',
      query: z.object({ state, limit }),
      success: z.object({ decisions: z.array(Decision) }),
      faults: [],
      handle: async ({ identity, query }) => ({
        decisions: await sessions.decisions({
          ...reachOf(identity),
          limit: query.limit,
          ...(query.state ? { state: query.state } : {}),
        }),
      }),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/sessions/:session_id/decisions',
      operationId: 'listSessionDecisions',
      summary: 'Decisions of one session',
      scope: 'sessions:read',
      audit: 'none',
      params: SessionParams,
      query: z.object({ state, limit }),
      success: z.object({ decisions: z.array(Decision) }),
      faults: ['session_not_found'],
      handle: async ({ identity, params: { session_id }, query }) => {
        await sessions.open(identity, session_id, 'read');
        const decisions = await sessions.decisions({
          tenant: null,
          sessionId: session_id,
          limit: query.limit,
          ...(query.state ? { state: query.state } : {}),
        });
        return { decisions };
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/sessions/:session_id/decisions',
      operationId: 'openDecision',
      summary: 'Ask; the same question under the same id is no second one',
      scope: 'sessions:produce',
      audit: 'none',
      params: SessionParams,
      body: NewDecision,
      success: Decision,
      successStatus: 201,
      faults: ['session_not_found', 'invalid_decision', 'decision_id_used'],
      handle: async ({ identity, params: { session_id }, body }) => {
        await sessions.open(identity, session_id, 'produce');
        return sessions.openDecision(session_id, body, actorOf(identity));
      },
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/sessions/:session_id/decisions/:decision_id',
      operationId: 'getDecision',
      summary: 'A decision; with `wait` as soon as it is resolved',
      scope: 'sessions:read',
      audit: 'none',
      tier: 'light',
      params: DecisionParams,
      query: z.object({ wait: Wait }),
      success: Decision,
      faults: ['session_not_found', 'decision_not_found'],
      handle: async ({ identity, params: { session_id, decision_id }, query, signal }) => {
        await sessions.open(identity, session_id, 'read');
        const decision = await sessions.awaitDecision(session_id, decision_id, query.wait * 1000, signal);
        return sessions.decisionFor(identity, decision ?? raise(decisionNotFound(decision_id)));
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/sessions/:session_id/decisions/:decision_id/answer',
      operationId: 'answerDecision',
      summary: 'Answer; the first valid answer wins, a later one is told who won',
      scope: 'sessions:command',
      audit: 'decision.answer',
      params: DecisionParams,
      body: DecisionAnswer,
      success: Decision,
      faults: ['session_not_found', 'decision_not_found', 'decision_made', 'invalid_choice'],
      handle: async ({ identity, params: { session_id, decision_id }, body: { choice, note } }) => {
        await sessions.open(identity, session_id, 'command');
        const who = { actor: actorOf(identity), deviceId: identity.deviceId };
        const outcome = await sessions.answerDecision(session_id, decision_id, choice, who, { note });
        if (outcome.kind === 'taken' || outcome.kind === 'same') return outcome.decision;
        const details = { decision: outcome.decision };
        return outcome.kind === 'lost'
          ? raise(fault('conflict', 'decision_made', outcome.error, { details }))
          : raise(fault('invalid', 'invalid_choice', outcome.error, { details }));
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/sessions/:session_id/decisions/:decision_id/extend',
      operationId: 'extendDecision',
      summary: 'Give a decision that waits more time',
      scope: 'sessions:command',
      audit: 'decision.extend',
      params: DecisionParams,
      body: DecisionExtension.prefault({}),
      success: Decision,
      faults: [
        'session_not_found',
        'decision_not_found',
        'decision_made',
        'decision_expired',
        'no_deadline',
        'extension_limit',
      ],
      handle: async ({ identity, params: { session_id, decision_id }, body: { seconds } }) => {
        await sessions.open(identity, session_id, 'command');
        return sessions.extendDecision(session_id, decision_id, seconds, actorOf(identity));
      },
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      path: '/api/v1/sessions/:session_id/decisions/:decision_id',
      operationId: 'cancelDecision',
      summary: 'Take a question back: nobody waits for it any more',
      scope: 'sessions:produce',
      audit: 'none',
      params: DecisionParams,
      success: Decision,
      faults: ['session_not_found', 'decision_not_found'],
      handle: async ({ identity, params: { session_id, decision_id } }) => {
        await sessions.open(identity, session_id, 'produce');
        await sessions.cancelDecision(session_id, decision_id, 'It was taken back');
        const decision = await sessions.decision(session_id, decision_id);
        return sessions.decisionFor(identity, decision ?? raise(decisionNotFound(decision_id)));
      },
    }),
  ];
}
