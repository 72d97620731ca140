import type { ActionRun, Incident } from '@vigiles/contract';
import { fault, failed, ok, type Result } from '../../../kernel/fault.ts';
import type { StoredIncident } from '../incidents/stored-incident.ts';
import type { ResponderDeps } from './context.ts';

/** What people decide about an open incident. @param clear stops what was to be tried later, by story */
export function createPeopleSay(
  { actions, incidents }: Pick<ResponderDeps, 'actions' | 'incidents'>,
  clear: (key: string) => void,
) {
  return {
    /** A person takes over: what is under way is cancelled, and nothing more is done by itself. */
    async cancel(value: StoredIncident, actor: string): Promise<Incident> {
      value.handedOver = true;
      clear(value.key);
      const note = { kind: 'note', title: 'Taken over by a person', actor } as const;
      incidents.update(value, { state: 'needs_person', suggestion: null }, [note]);
      await actions.cancelFor(value.incident.id, actor);
      return value.incident;
    },

    /** Lets what waits for a person happen: a run that needs approval, or what tier 3 advised. */
    async approve(value: StoredIncident, actor: string): Promise<Result<ActionRun>> {
      const { incident } = value;
      const waiting = actions.awaitingApproval(incident.id);
      if (waiting) return actions.approve(waiting, actor);
      const { suggestion } = incident;
      if (!suggestion)
        return failed(fault('conflict', 'nothing_to_approve', 'Nothing of it waits for an approval.'));
      value.attempts += 1;
      const { action, params, reason } = suggestion;
      const asked = await actions.request({
        action,
        target: incident.target,
        params,
        actor,
        reason: `advised by the AI: ${reason}`,
        incidentId: incident.id,
        attempt: value.attempts,
      });
      if (!asked.ok) return asked;
      incidents.update(value, { state: 'acting' }, [
        { kind: 'note', tier: 3, title: `Approved: ${action.replaceAll('_', ' ')}`, actor },
      ]);
      return ok(asked.value.run);
    },
  };
}
