import {
  mainTenant,
  type EventType,
  type Notification,
  type NoticeKind,
  type NoticePhase,
  type NoticeSeverity,
  type VigilesEvent,
} from '@vigiles/contract';

/** Something people are told. Plain text, not yet shortened or escaped for anybody. */
export interface Notice {
  kind: NoticeKind;
  severity: NoticeSeverity;
  phase: NoticePhase;
  type: Notification['type'];
  title: string;
  message: string;
  service: string | null;
  fault: string | null;
  incidentId: string | null;
  actor: string;
  at: number;
}

const typeOf = { critical: 'error', warning: 'warning', info: 'info' } as const;

/** A notice of a severity, the rest as given. */
export const notice = (
  given: Pick<Notice, 'kind' | 'severity' | 'title' | 'message' | 'actor' | 'at'> & Partial<Notice>,
): Notice => ({
  phase: 'single',
  type: typeOf[given.severity],
  service: null,
  fault: null,
  incidentId: null,
  ...given,
});

/** Events that are told; those of incidents go through their thread. */
export const toldEvents = [
  'incident.opened',
  'incident.updated',
  'incident.closed',
  'alert.raised',
  'service.state_changed',
  'budget.reached',
  'quota.reached',
  'provider.circuit_opened',
  'provider.circuit_closed',
  'guard.tripped',
  'guard.closed',
  'store.quarantined',
  'config.rejected',
  'decision.opened',
  'session.ended',
] as const satisfies readonly EventType[];

const dollars = (micros: number): string => `$${(micros / 1_000_000).toFixed(2)}`;

const is = <T extends EventType>(event: VigilesEvent, type: T): event is VigilesEvent<T> =>
  event.type === type;

/** An event without a thread as a notice; null where nobody needs to be told. */
export function noticeOf(event: VigilesEvent): Notice | null {
  const base = { actor: event.actor, at: event.ts };
  if (is(event, 'alert.raised')) {
    const { severity, title, message, incident_id: incidentId } = event.data;
    return notice({ ...base, kind: 'alert', severity, title, message, incidentId, service: event.subject });
  }
  if (is(event, 'service.state_changed')) {
    const { service, from, to, reason } = event.data;
    if (to !== 'DOWN' && to !== 'UNKNOWN' && !(to === 'UP' && from !== 'SUSPECT')) return null;
    const severity = to === 'DOWN' ? 'critical' : to === 'UNKNOWN' ? 'warning' : 'info';
    const type = to === 'UP' ? { type: 'success' as const } : {};
    const title = `${service} is ${to}`;
    return notice({ ...base, ...type, kind: 'service', severity, title, message: reason, service });
  }
  if (is(event, 'budget.reached')) {
    const { scope, name, span, limit_micros, spent_micros, threshold_percent: percent } = event.data.alert;
    const whose = name === null ? '' : ` of ${scope} ${name}`;
    return notice({
      ...base,
      kind: 'budget',
      severity: percent >= 100 ? 'critical' : percent >= 90 ? 'warning' : 'info',
      title: `The ${span} budget${whose} is used up to ${percent} %`,
      message: `${dollars(spent_micros)} of ${dollars(limit_micros)} are spent.`,
    });
  }
  if (is(event, 'quota.reached')) {
    const { device_name: device, quota, period, used, limit, threshold_percent: percent } = event.data;
    const span = period === 'total' ? '' : `${period} `;
    return notice({
      ...base,
      kind: 'budget',
      severity: percent >= 90 ? 'warning' : 'info',
      title: `The ${span}${quota} of ${device} is used up to ${percent} %`,
      message: `${used} of ${limit} are used.`,
    });
  }
  if (is(event, 'provider.circuit_opened')) {
    const { provider, model, message } = event.data;
    const title = `${provider}${model === '*' ? '' : `/${model}`} is left alone for a while`;
    return notice({
      ...base,
      kind: 'provider',
      severity: 'warning',
      title,
      message,
      service: `provider:${provider}`,
    });
  }
  if (is(event, 'provider.circuit_closed')) {
    const { provider, model, open_ms: openMs } = event.data;
    return notice({
      ...base,
      kind: 'provider',
      severity: 'info',
      type: 'success',
      title: `${provider}${model === '*' ? '' : `/${model}`} works again`,
      message: `It was left alone for ${Math.round(openMs / 1000)} s.`,
      service: `provider:${provider}`,
    });
  }
  if (is(event, 'guard.tripped')) {
    const { guard, reason } = event.data;
    const all = guard.target === '*';
    return notice({
      ...base,
      kind: 'alert',
      severity: all ? 'critical' : 'warning',
      title: all
        ? 'The watchdog stops acting by itself: too much fails at once'
        : `The watchdog stops acting on ${guard.target} by itself`,
      message: reason,
      service: all ? null : guard.target,
    });
  }
  if (is(event, 'guard.closed')) {
    const { target } = event.data.guard;
    const title =
      target === '*' ? 'The watchdog acts by itself again' : `The watchdog acts on ${target} again`;
    const service = target === '*' ? null : target;
    return notice({ ...base, kind: 'alert', severity: 'info', type: 'success', title, message: '', service });
  }
  if (is(event, 'store.quarantined')) {
    const { path, reason } = event.data;
    const title = 'The store was broken and put aside';
    return notice({
      ...base,
      kind: 'system',
      severity: 'critical',
      title,
      message: `${reason} It lies at ${path}.`,
    });
  }
  if (is(event, 'config.rejected')) {
    const { problems } = event.data;
    const [first] = problems;
    return notice({
      ...base,
      kind: 'system',
      severity: 'warning',
      title: 'The new configuration was refused',
      message: first ? `Line ${first.line}: ${first.path}: ${first.message}. ${problems.length} in all.` : '',
    });
  }
  // Notices and their history are the house's: what another tenant's agents ask is told on their own sockets only.
  if (is(event, 'decision.opened') && event.data.decision.tenant === mainTenant) {
    const { decision, title } = event.data;
    const { kind, question, options, session_id } = decision;
    const answers = options.map(({ id, label }) => label || id).join(', ');
    return notice({
      ...base,
      kind: 'session',
      severity: 'warning',
      title: `${title || session_id} ${kind === 'permission' ? 'asks for permission' : 'has a question'}`,
      message: answers === '' ? question : `${question} (${answers})`,
      service: `session:${session_id}`,
    });
  }
  if (is(event, 'session.ended') && event.data.status === 'failed' && event.data.tenant === mainTenant) {
    const { title, session_id, reason } = event.data;
    return notice({
      ...base,
      kind: 'session',
      severity: 'warning',
      title: `${title || session_id} has failed`,
      message: reason,
      service: `session:${session_id}`,
    });
  }
  return null;
}
