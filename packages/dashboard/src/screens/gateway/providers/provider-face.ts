import {
  CheckCircle2,
  CircleDashed,
  CircleHelp,
  CirclePause,
  CloudAlert,
  TimerReset,
  TriangleAlert,
} from 'lucide-react';
import type { stateOf } from './provider-rows.ts';

export const providerFace = {
  ok: { icon: CheckCircle2, label: 'Works', tone: 'ok' },
  unused: { icon: CircleDashed, label: 'Not used yet', tone: 'idle' },
  failing: { icon: CloudAlert, label: 'Failing', tone: 'bad' },
  open: { icon: CloudAlert, label: 'Left alone', tone: 'bad' },
  probing: { icon: TimerReset, label: 'In trouble', tone: 'warn' },
  unusable: { icon: TriangleAlert, label: 'Not usable', tone: 'warn' },
  off: { icon: CirclePause, label: 'Off', tone: 'idle' },
  unknown: { icon: CircleHelp, label: 'Unknown', tone: 'idle' },
} as const satisfies Record<ReturnType<typeof stateOf>, unknown>;
