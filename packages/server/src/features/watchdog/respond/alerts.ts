import type { NewEntry } from '../incidents/incidents.ts';
import type { StoredIncident } from '../incidents/stored-incident.ts';
import type { ResponderDeps } from './context.ts';

/** Tells people about incidents, once each; the key of the run makes sure of it also across restarts. */
export function createAlerts({
  actions,
  incidents,
  log,
}: Pick<ResponderDeps, 'actions' | 'incidents' | 'log'>) {
  async function alert(value: StoredIncident, message: string): Promise<void> {
    if (value.alerted) return;
    value.alerted = true;
    const { incident } = value;
    const asked = await actions
      .request({
        action: 'alert_user',
        target: incident.target,
        params: {
          title: incident.title.slice(0, 200),
          message: message.slice(0, 2000),
          severity: incident.severity,
        },
        actor: 'watchdog',
        reason: message,
        incidentId: incident.id,
        attempt: incident.occurrences,
      })
      .catch((thrown: unknown) => {
        value.alerted = false;
        throw thrown;
      });
    if (asked.ok) return void (await asked.value.done);
    value.alerted = false;
    log.warn({ target: incident.target, fault: asked.fault.code }, 'An alert was refused');
  }

  return {
    /** From here on a person is needed. */
    async needPerson(value: StoredIncident, entry: NewEntry): Promise<void> {
      if (value.incident.state === 'closed') return;
      if (value.incident.state !== 'needs_person')
        incidents.update(value, { state: 'needs_person' }, [entry]);
      await alert(value, entry.detail ?? entry.title);
    },
  };
}

export type Alerts = ReturnType<typeof createAlerts>;
