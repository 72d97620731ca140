import type { PinnedProcess, PortListener, PortProcess, PortStatus } from '@vigiles/contract';
import { CheckCircle2, CircleDashed, CircleHelp, TriangleAlert } from 'lucide-react';
import { openPlan } from '../../shell/ui-store.ts';
import type { Face } from '../../ui/state.tsx';

export const portFace: Record<PortStatus, Face> = {
  running: { icon: CheckCircle2, label: 'Running', tone: 'ok' },
  stopped: { icon: CircleDashed, label: 'Free', tone: 'idle' },
  port_conflict: { icon: TriangleAlert, label: 'Conflict', tone: 'warn' },
  unknown: { icon: CircleHelp, label: 'Unknown', tone: 'idle' },
};

/** Those that Vigiles may end. */
export const endable = ({ processes }: PortListener): PortProcess[] =>
  processes.filter((one) => one.protected === null);

const pinned = ({ pid, start_time }: PortProcess): PinnedProcess => ({ pid, start_time });

/** Shows what ending them would do; nothing is ended before it is confirmed there. */
export const openEnd = (port: number, processes: readonly PortProcess[]): void =>
  openPlan('free_port', 'End it', `port:${port}`, { port: { port, processes: processes.map(pinned) } });
