import { isPassive, remediesOf } from '../core/learn/remedy.ts';
import type { StoredIncident } from '../incidents/stored-incident.ts';
import type { ResponderDeps } from './context.ts';

/**
 * Finds the open story of the very check whose failing makes a service down: one cause is one incident. One that something is
 * being done about goes on for itself.
 */
export function createSameCause(
  { incidents, entryOf }: Pick<ResponderDeps, 'incidents' | 'entryOf'>,
  isWorking: (key: string) => boolean,
) {
  const onlyTells = ({ incident }: StoredIncident): boolean => {
    const known = entryOf(incident.fault_id ?? '');
    return known !== null && remediesOf(known.tier1, 'service').every(isPassive);
  };

  /** @param evidence what the service saw when it went down */
  return (service: string, { check }: Record<string, unknown>): StoredIncident | null => {
    if (check === undefined || incidents.of(service)) return null;
    const found = incidents.openStories().find((value) => {
      const { source, evidence = {} } = value.sighting ?? {};
      const same = value.incident.target === service && source === 'check' && evidence['check'] === check;
      return same && (!isWorking(value.key) || onlyTells(value));
    });
    return found ?? null;
  };
}
