import type { Incident, NoticeSeverity, Outcome } from '@vigiles/contract';
import { notice, type Notice } from './notice.ts';

/** What people were told of an incident so far. One thread, one story: never two notices about the same step of it. */
export interface Thread {
  incidentId: string;
  phase: 'opened' | 'needs_person' | 'acknowledged' | 'resolved';
  service: string;
  severity: NoticeSeverity;
  /** Of the present round: an incident that comes back begins another one. */
  openedAt: number;
  round: number;
}

export interface Step {
  thread: Thread;
  /** Null: nothing new for people. */
  notice: Notice | null;
}

const outcomes: Record<Outcome, string> = {
  fixed: 'Fixed and verified',
  not_fixed: 'It was not fixed',
  unknown: 'It is healthy again',
  cancelled: 'It was cancelled',
  timed_out: 'It ended without an answer in time',
  rolled_back: 'The change was rolled back',
};

const seconds = (ms: number): string => {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 120) return `${s} s`;
  return s < 7200 ? `${Math.round(s / 60)} min` : `${Math.round(s / 3600)} h`;
};

const lastDetail = (incident: Incident, kinds: readonly string[]): string => {
  const entry = incident.timeline.findLast(({ kind }) => kinds.includes(kind));
  return entry ? entry.detail || entry.title : '';
};

/** What an incident's event adds to its thread. Takes the state as it is in the event, so that a lost event in between does no harm. */
export function followIncident(
  thread: Thread | null,
  incident: Incident,
  actor: string,
  at: number,
): Step | null {
  const { id: incidentId, service, severity, title, state } = incident;
  const fault = incident.fault_id ?? incident.fault_code;
  const base = { kind: 'incident' as const, severity, service, fault, incidentId, actor, at };
  const over = state === 'closed';
  const fresh = thread === null || thread.phase === 'resolved';
  if (fresh) {
    // What is over before it was heard of, or was told already, is nothing new.
    if (over) return null;
    const phase = state === 'needs_person' ? ('needs_person' as const) : ('opened' as const);
    const round = (thread?.round ?? 0) + 1;
    const again = round > 1 ? 'It came back. ' : '';
    const message = `${again}${lastDetail(incident, phase === 'opened' ? ['cause'] : ['decision', 'guard', 'cause'])}`;
    return {
      thread: { incidentId, phase, service, severity, openedAt: at, round },
      notice: notice({ ...base, phase, title, message }),
    };
  }
  const known = { ...thread, severity, service };
  if (over) {
    const how = outcomes[incident.outcome ?? 'unknown'];
    const action = lastDetail(incident, ['outcome']);
    const message = `${how} after ${seconds(at - thread.openedAt)}.${action ? ` ${action}` : ''}`;
    return {
      thread: { ...known, phase: 'resolved' },
      notice: notice({ ...base, phase: 'resolved', type: 'success', title, message }),
    };
  }
  if (incident.acknowledged_by !== null) {
    if (thread.phase === 'acknowledged') return { thread: known, notice: null };
    const message = `Acknowledged by ${incident.acknowledged_by}.`;
    return {
      thread: { ...known, phase: 'acknowledged' },
      notice: notice({ ...base, phase: 'acknowledged', type: 'info', title, message }),
    };
  }
  if (state === 'needs_person' && thread.phase === 'opened') {
    const message = lastDetail(incident, ['decision', 'guard', 'outcome', 'cause']);
    return {
      thread: { ...known, phase: 'needs_person' },
      notice: notice({ ...base, phase: 'needs_person', title, message }),
    };
  }
  return { thread: known, notice: null };
}

/** An alert about an incident: the person it needs is told once, by whichever of the two comes first. */
export function followAlert(thread: Thread, alert: Notice): Step {
  if (thread.phase !== 'opened') return { thread, notice: null };
  return {
    thread: { ...thread, phase: 'needs_person' },
    notice: { ...alert, kind: 'incident', phase: 'needs_person', service: thread.service },
  };
}
