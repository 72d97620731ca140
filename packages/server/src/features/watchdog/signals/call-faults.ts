import type { Turn } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { EventLog } from '../../../platform/event-log/index.ts';
import type { Actions } from '../../actions/index.ts';
import { createCallFaults, isModelSubject, type CallFaultReport } from '../core/call-faults.ts';
import type { Incidents, NewEntry } from '../incidents/incidents.ts';
import type { StoredIncident } from '../incidents/stored-incident.ts';

export interface CallFaultWatchDeps {
  events: Pick<EventLog, 'subscribe'>;
  incidents: Incidents;
  actions: Pick<Actions, 'request'>;
  clock: Clock;
  log: Log;
}

const LOOK_MS = 60_000;

/**
 * The gateway's signals about models that garble their tool calls. They come with each settled turn, from whatever
 * gateway wrote it; one story per model, and nothing is restarted for it: a person chooses another model.
 */
export function createCallFaultWatch({ events, incidents, actions, clock, log }: CallFaultWatchDeps) {
  const faults = createCallFaults();
  let unsubscribe = (): void => {};
  let timer: NodeJS.Timeout | null = null;

  function seen(turn: Turn): void {
    const report = faults.seen(turn, clock.now());
    if (!report) return;
    const entry = entryOf(report);
    const open = incidents.of(report.subject);
    if (open) {
      const occurrences = open.incident.occurrences + report.turns;
      incidents.update(open, { occurrences }, [entry]);
      if (report.severity === 'critical') void alert(open, report);
      return;
    }
    const { subject, code, title, severity } = report;
    const value = incidents.report({
      target: subject,
      targetClass: 'model',
      code,
      faultId: code,
      title,
      severity,
      cause: entry,
    });
    const decision: NewEntry = {
      kind: 'decision',
      tier: 1,
      title: 'Rule: a person chooses another model',
      detail: report.advice,
      evidence: { rule: 'alert_call_faults', code },
    };
    const change = {
      occurrences: report.turns,
      ...(severity === 'info' ? {} : { state: 'needs_person' as const }),
    };
    incidents.update(value, change, [decision]);
    if (severity !== 'info') void alert(value, report);
  }

  /** Once per story. Through the gateway as target: a model is nothing that actions can be done to. */
  async function alert(value: StoredIncident, { title, advice, severity }: CallFaultReport): Promise<void> {
    if (value.alerted) return;
    value.alerted = true;
    const asked = await actions.request({
      action: 'alert_user',
      target: 'gateway',
      params: { title: title.slice(0, 200), message: advice, severity },
      actor: 'watchdog',
      reason: title,
      incidentId: value.incident.id,
    });
    if (!asked.ok) log.warn({ fault: asked.fault.code, title }, 'An alert about a model was refused');
  }

  function closeQuiet(): void {
    const now = clock.now();
    for (const value of incidents.openStories()) {
      const subject = value.key;
      if (!isModelSubject(subject)) continue;
      const since = value.incident.timeline.at(-1)?.ts ?? 0;
      if (!faults.quiet(subject, since, now)) continue;
      const detail = 'No turn of this model showed it for a quarter of an hour';
      incidents.close(value, 'unknown', [{ kind: 'outcome', title: 'Not seen any more', detail }], null);
    }
  }

  return {
    start(): void {
      unsubscribe = events.subscribe((event) => {
        if (event.type !== 'turn.settled' || !('turn' in event.data)) return;
        // Written by a gateway of an older version: it knew no faults.
        const { turn } = event.data;
        if ((turn.faults ?? []).length > 0) seen(turn);
      });
      timer = setInterval(closeQuiet, LOOK_MS).unref();
    },
    closeQuiet,
    stop(): void {
      unsubscribe();
      if (timer) clearInterval(timer);
    },
  };
}

function entryOf({ code, title, turns, evidence }: CallFaultReport): NewEntry {
  const detail = turns === 1 ? 'One more turn showed it' : `${turns} more turns showed it`;
  return { kind: 'cause', title: `${code}: ${title}`, detail, evidence };
}
