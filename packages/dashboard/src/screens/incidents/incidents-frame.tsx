import { PartsFrame } from '../../shell/parts-frame.tsx';

const parts = [
  { to: '/incidents', label: 'Incidents' },
  { to: '/incidents/ai', label: 'AI monitoring' },
  { to: '/incidents/faults', label: 'Fault catalogue' },
] as const;

/** Incidents, and what was learned from them. */
export const IncidentsFrame = () => <PartsFrame label="Incidents" parts={parts} />;
