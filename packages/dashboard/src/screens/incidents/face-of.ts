import type { Incident } from '@vigiles/contract';
import { incidentFace, outcomeFace } from '../../ui/state.tsx';

/** A closed incident is told by how it ended; an open one by where it stands. */
export const faceOf = (incident: Pick<Incident, 'state' | 'outcome'>) =>
  incident.state === 'closed' ? outcomeFace[incident.outcome ?? 'unknown'] : incidentFace[incident.state];
