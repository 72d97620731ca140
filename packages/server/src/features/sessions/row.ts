import type { Decision, Session, SessionAgent, SessionCommand } from '@vigiles/contract';
import { fromJson } from '../../platform/store/index.ts';
import type { CommandRow, LeaseRow, SessionRow, SessionTables } from './tables.ts';
import type { Lease } from '@vigiles/contract';

/** A session as it is shown. @param watchers how many follow it now */
export function sessionOf(row: SessionRow, watchers: number): Session {
  return {
    session_id: row.session_id,
    created_at: new Date(row.created_at).toISOString(),
    status: row.status as Session['status'],
    skills: fromJson(row.skills),
    metadata: fromJson(row.metadata),
    progress: row.progress,
    current_skill: row.current_skill,
    phase: row.phase as Session['phase'],
    phase_reason: row.phase_reason,
    title: row.title,
    agent: row.agent === null ? null : fromJson<SessionAgent>(row.agent),
    cost_microusd: row.cost_microusd,
    tokens: { input: row.tokens_input, cached: row.tokens_cached, output: row.tokens_output },
    last_event_at: row.last_event_at,
    head_seq: row.head_seq,
    oldest_seq: row.trimmed_seq + 1,
    owner_device_id: row.owner_device_id,
    tenant: row.tenant,
    pending_decisions: row.pending_decisions,
    watchers,
  };
}

export function commandOf(row: CommandRow): SessionCommand {
  return {
    command_id: row.command_id,
    session_id: row.session_id,
    type: row.type as SessionCommand['type'],
    args: fromJson(row.args),
    state: row.state as SessionCommand['state'],
    actor: row.actor,
    expected_seq: row.expected_seq,
    created_at: row.created_at,
    deadline: row.deadline,
    delivered_at: row.delivered_at,
    settled_at: row.settled_at,
    epoch: row.epoch,
    seq: row.seq,
    note: row.note,
    evidence: row.evidence === null ? null : fromJson(row.evidence),
  };
}

export const decisionOf = (row: Pick<SessionTables['session_decision'], 'data'>): Decision =>
  fromJson<Decision>(row.data);

export const leaseOf = (row: LeaseRow): Lease => ({ ...row, idempotent: fromJson(row.idempotent) });
