import { formatMs } from '../format/duration.ts';
import { formatMicros } from '../format/money.ts';
import type { ActionRun, CiRun, Incident, VigilesEvent } from '@vigiles/contract';
import { is } from './patch.ts';

export type Tone = 'ok' | 'warn' | 'bad' | 'busy' | 'idle';

/** An event as one line of the feed. `subject` is the part that stands out; `to` is where it leads. */
export interface EventLine {
  tone: Tone;
  subject: string;
  text: string;
  to:
    | { screen: 'fleet'; service: string }
    | { screen: 'incident'; id: string }
    | { screen: 'turn'; id: string }
    | { screen: 'session'; id: string }
    | { screen: 'ci'; id: string }
    | null;
}

const stateTone: Record<string, Tone> = { UP: 'ok', DOWN: 'bad', SUSPECT: 'warn', RECOVERING: 'busy' };
const severityTone: Record<Incident['severity'], Tone> = { critical: 'bad', warning: 'warn', info: 'idle' };

function runTone(run: ActionRun): Tone {
  if (run.state === 'refused') return 'warn';
  if (run.state !== 'finished') return 'busy';
  return run.outcome === 'fixed' ? 'ok' : run.outcome === 'cancelled' ? 'idle' : 'warn';
}

/** `not_fixed` → `not fixed`. */
export const words = (name: string): string => name.replaceAll('_', ' ').toLowerCase();

/** A name from the code (`restart_service`) as a title; a sentence stays as it is. */
export function titled(text: string): string {
  if (!/^[a-z0-9_]+$/.test(text)) return text;
  const plain = words(text);
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

const runLine = (run: ActionRun, text: string): EventLine => ({
  tone: runTone(run),
  subject: run.target,
  text: `${words(run.action)} ${text}`,
  to: run.incident_id
    ? { screen: 'incident', id: run.incident_id }
    : { screen: 'fleet', service: run.target },
});

const incidentLine = (incident: Incident, text: string, tone: Tone): EventLine => ({
  tone,
  subject: incident.service,
  text,
  to: { screen: 'incident', id: incident.id },
});

const line = (tone: Tone, subject: string, text: string): EventLine => ({ tone, subject, text, to: null });

/** What happened to an agent's session; null: it is about something else. */
function sessionLine(event: VigilesEvent): EventLine | null {
  const say = (tone: Tone, data: { session_id: string; title: string }, text: string): EventLine => ({
    tone,
    subject: data.title || data.session_id,
    text,
    to: { screen: 'session', id: data.session_id },
  });
  if (is(event, 'session.created')) return say('idle', event.data, 'session began');
  if (is(event, 'session.halted')) return say('warn', event.data, `halted: ${event.data.reason}`);
  if (is(event, 'session.resumed')) return say('busy', event.data, 'resumed');
  if (is(event, 'session.ended')) {
    const { status, reason } = event.data;
    return say(status === 'failed' ? 'bad' : 'ok', event.data, `${status}${reason ? `: ${reason}` : ''}`);
  }
  if (is(event, 'session.connection_changed'))
    return say(event.data.phase === 'disconnected' ? 'warn' : 'idle', event.data, words(event.data.phase));
  if (is(event, 'session.deleted')) return { ...say('idle', event.data, 'deleted'), to: null };
  return null;
}

/** What happened to a run of CI; null: it is about something else. */
function ciLine(event: VigilesEvent): EventLine | null {
  const say = (tone: Tone, { id, workflow, branch }: CiRun, text: string): EventLine => ({
    tone,
    subject: workflow,
    text: `${text} on ${branch}`,
    to: { screen: 'ci', id },
  });
  if (is(event, 'ci.run_judged')) {
    const { run } = event.data;
    return say('bad', run, run.verdict ? `failed, ${words(run.verdict.kind)}` : 'failed');
  }
  if (is(event, 'ci.run_changed')) {
    const { run } = event.data;
    return say(run.state === 'passed' ? 'ok' : run.state === 'flaky' ? 'warn' : 'idle', run, run.state);
  }
  if (is(event, 'ci.opinion_given'))
    return say(
      'idle',
      event.data.run,
      event.data.opinion === null ? 'no model’s opinion' : 'a model’s opinion',
    );
  if (is(event, 'ci.retry_asked')) return say('busy', event.data.run, `retry asked: ${event.data.reason}`);
  if (is(event, 'ci.retry_outcome')) {
    const { run, outcome } = event.data;
    return say(outcome === 'recovered' ? 'ok' : 'bad', run, `retry ${outcome}`);
  }
  if (is(event, 'ci.synced')) {
    const { action, success, repository, detail } = event.data;
    return line(success ? 'idle' : 'warn', repository, `${action}: ${detail}`);
  }
  if (is(event, 'ci.delivery_received')) {
    const { event: name, action, repository } = event.data;
    return line('idle', repository, `GitHub told: ${words(name)}${action ? ` ${words(action)}` : ''}`);
  }
  return null;
}

/** Says an event in plain words. */
export function describeEvent(event: VigilesEvent): EventLine {
  if (is(event, 'service.state_changed')) {
    const { service, to, reason } = event.data;
    const text = `is ${words(to)}${reason ? `: ${reason}` : ''}`;
    return { tone: stateTone[to] ?? 'idle', subject: service, text, to: { screen: 'fleet', service } };
  }
  if (is(event, 'incident.opened')) {
    const { incident } = event.data;
    return incidentLine(incident, `incident opened: ${incident.title}`, severityTone[incident.severity]);
  }
  if (is(event, 'incident.updated')) {
    const { incident } = event.data;
    return incidentLine(incident, `incident ${words(incident.state)}: ${incident.title}`, 'busy');
  }
  if (is(event, 'incident.closed')) {
    const { incident } = event.data;
    const tone = incident.outcome === 'fixed' ? 'ok' : 'warn';
    return incidentLine(
      incident,
      `incident closed, ${words(incident.outcome ?? 'unknown')}: ${incident.title}`,
      tone,
    );
  }
  if (is(event, 'action.requested')) return runLine(event.data.run, 'requested');
  if (is(event, 'action.verifying')) return runLine(event.data.run, 'verifying');
  if (is(event, 'action.started')) return runLine(event.data.run, 'started');
  if (is(event, 'action.finished')) {
    const { run } = event.data;
    if (run.action === 'alert_user' && run.outcome === 'unknown')
      return { ...runLine(run, ''), text: 'a person was called', tone: 'idle' };
    return runLine(run, `finished, ${words(run.outcome ?? run.state)}`);
  }
  if (is(event, 'decision.extended')) {
    const { decision, title } = event.data;
    return {
      tone: 'idle',
      subject: title || decision.session_id,
      text: `has more time: ${decision.question}`,
      to: { screen: 'session', id: decision.session_id },
    };
  }
  if (is(event, 'decision.opened') || is(event, 'decision.resolved')) {
    const { decision, title } = event.data;
    const settled = decision.state === 'resolved';
    return {
      tone: settled ? 'idle' : 'warn',
      subject: title || decision.session_id,
      text: settled ? `question settled: ${decision.question}` : `asks: ${decision.question}`,
      to: { screen: 'session', id: decision.session_id },
    };
  }
  const about = sessionLine(event) ?? ciLine(event);
  if (about) return about;
  if (is(event, 'turn.settled')) {
    const { turn } = event.data;
    const cost = turn.cost_micros === null ? 'unpriced' : formatMicros(turn.cost_micros);
    const text =
      turn.outcome === 'ok' ? `turn in ${formatMs(turn.latency_ms)}, ${cost}` : `turn ${words(turn.outcome)}`;
    const tone = turn.outcome === 'ok' || turn.outcome === 'client_aborted' ? 'idle' : 'bad';
    return { tone, subject: turn.model, text, to: { screen: 'turn', id: turn.id } };
  }
  if (is(event, 'alert.raised')) {
    const { severity, title, incident_id } = event.data;
    const to = incident_id ? ({ screen: 'incident', id: incident_id } as const) : null;
    return { tone: severityTone[severity], subject: 'Alert', text: title, to };
  }
  if (is(event, 'notification.created')) {
    const { severity, title, message, incident_id, deliveries } = event.data.notification;
    const to = incident_id ? ({ screen: 'incident', id: incident_id } as const) : null;
    const channels = deliveries.map(({ channel }) => channel).join(', ');
    const text = `${title ?? message}${channels ? ` → ${channels}` : ''}`;
    return { tone: severityTone[severity], subject: 'Notification', text, to };
  }
  if (is(event, 'notification.settled')) {
    const { channel, state, reason } = event.data.delivery;
    return line(state === 'failed' ? 'bad' : 'idle', channel, `${state}${reason ? `: ${reason}` : ''}`);
  }
  if (is(event, 'config.reloaded'))
    return line('idle', 'Configuration', `reloaded: ${event.data.changed.join(', ') || 'no change'}`);
  if (is(event, 'config.rejected')) {
    return line(
      'warn',
      'Configuration',
      `refused, ${event.data.problems.length} problems; the last good one is in force`,
    );
  }
  if (is(event, 'store.quarantined')) return line('bad', 'Store', `put aside: ${event.data.reason}`);
  if (is(event, 'device.paired')) return line('idle', event.data.device.name, 'paired');
  if (is(event, 'device.rotated')) return line('idle', event.data.device.name, 'token rotated');
  if (is(event, 'token.exchanged')) {
    const { device_id: id, audience, scopes } = event.data.token;
    return line('idle', `device:${id}`, `short token for ${audience}: ${scopes.join(', ')}`);
  }
  if (is(event, 'token.ended')) return line('idle', 'Short token', 'ended');
  if (is(event, 'oauth.connected'))
    return line(
      'ok',
      event.data.connection.label,
      `connected: ${event.data.connection.account ?? 'account'}`,
    );
  if (is(event, 'oauth.changed')) {
    const { label, status } = event.data.connection;
    return status === 'connected'
      ? line('idle', label, 'token renewed')
      : line(status === 'expired' ? 'bad' : 'warn', label, event.data.connection.message ?? status);
  }
  if (is(event, 'oauth.disconnected')) return line('idle', event.data.provider, 'disconnected');
  if (is(event, 'device.revoked')) return line('idle', event.data.device.name, 'revoked');
  if (is(event, 'budget.reached')) {
    const { scope, name, span, threshold_percent: percent, limit_micros: limit } = event.data.alert;
    const tone = percent === 100 ? 'bad' : percent === 90 ? 'warn' : 'idle';
    const whose = scope === 'whole' ? 'Budget' : `Budget of ${name ?? scope}`;
    return line(tone, whose, `${percent}% of the ${span} ${formatMicros(limit)} is spent`);
  }
  if (is(event, 'quota.reached')) {
    const { device_name: device, quota, period, used, limit, threshold_percent: percent } = event.data;
    const span = period === 'total' ? '' : ` ${period}`;
    const tone = percent >= 90 ? 'warn' : 'idle';
    return line(tone, device, `${percent}% of its${span} ${quota} is used: ${used} of ${limit}`);
  }
  if (is(event, 'adaptation.learned')) {
    const { provider, model, change } = event.data.adaptation;
    return line('idle', `${provider}/${model}`, `taught the gateway: ${change}`);
  }
  if (is(event, 'system.started')) return line('idle', 'Vigiles', `started, version ${event.data.version}`);
  if (is(event, 'system.stopped')) return line('idle', 'Vigiles', `stopped: ${event.data.reason}`);
  return line('idle', event.subject, event.type);
}
