import { AgentRunRequest, Checkpoint, RollbackPreview, Session, StartableAgent } from '@vigiles/contract';
import { z } from 'zod';
import { defineRoute, type Route } from '../../../../kernel/route.ts';
import { tenantOf } from '../../access.ts';
import type { Sessions } from '../../index.ts';
import type { Agents } from './agents.ts';

const SessionParams = z.object({ session_id: z.string() });
const CheckpointParams = SessionParams.extend({ checkpoint_id: z.string() });
const tag = 'agents';

/** Starting agents under watch, and the checkpoints of their work. */
export function agentRoutes(agents: Agents, sessions: Pick<Sessions, 'open' | 'stopAgent'>): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/agents',
      operationId: 'listAgents',
      summary: 'Agents that can be started here, and why others cannot',
      tag,
      scope: 'read',
      audit: 'none',
      tier: 'standard',
      success: z.object({ agents: z.array(StartableAgent) }),
      faults: [],
      handle: async () => ({ agents: await agents.available() }),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/agents/runs',
      operationId: 'runAgent',
      summary: 'Start an agent under watch; its model traffic goes through the gateway',
      tag,
      // It works in any folder of this machine with the rights of Vigiles.
      scope: 'admin',
      audit: 'agent.run',
      tier: 'standard',
      body: AgentRunRequest,
      success: Session,
      successStatus: 201,
      faults: ['unknown_agent', 'folder_not_found', 'too_many_agents', 'agent_not_started'],
      handle: ({ body, identity }) =>
        agents.run(body, {
          actor: `device:${identity.deviceId}`,
          deviceId: identity.deviceId,
          tenant: tenantOf(identity),
        }),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/sessions/:session_id/agent/stop',
      operationId: 'stopAgent',
      summary: 'End the agent’s process; RESUME starts it again where it stopped',
      tag,
      scope: 'sessions:command',
      audit: 'agent.stop',
      tier: 'standard',
      params: SessionParams,
      success: z.object({ stopped: z.literal(true) }),
      faults: ['session_not_found', 'agent_not_here', 'not_stopped'],
      async handle({ params, identity }) {
        await sessions.open(identity, params.session_id, 'command');
        await sessions.stopAgent(params.session_id, `device:${identity.deviceId}`);
        return { stopped: true as const };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/sessions/:session_id/agent/checkpoints',
      operationId: 'takeCheckpoint',
      summary: 'Keep the files of the agent’s folder as they are now',
      tag,
      scope: 'sessions:command',
      audit: 'agent.checkpoint',
      tier: 'standard',
      params: SessionParams,
      body: z.strictObject({ label: z.string().max(200).default('') }),
      success: Checkpoint,
      successStatus: 201,
      faults: ['session_not_found', 'agent_not_here'],
      async handle({ params, body, identity }) {
        await sessions.open(identity, params.session_id, 'command');
        return agents.checkpoint(params.session_id, body.label);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/sessions/:session_id/checkpoints/:checkpoint_id/preview',
      operationId: 'previewRollback',
      summary: 'What a rollback to this checkpoint would change; nothing is touched',
      tag,
      scope: 'sessions:read',
      audit: 'none',
      tier: 'standard',
      params: CheckpointParams,
      success: RollbackPreview,
      faults: ['session_not_found', 'agent_not_here', 'checkpoint_not_found'],
      async handle({ params, identity }) {
        await sessions.open(identity, params.session_id, 'read');
        return agents.preview(params.session_id, params.checkpoint_id);
      },
    }),
  ];
}
