import type { ChannelHealth, Delivery, Notification } from '@vigiles/contract';
import {
  BellOff,
  CheckCircle2,
  CircleDashed,
  CircleHelp,
  CirclePause,
  Clock,
  LoaderCircle,
  OctagonAlert,
  XCircle,
} from 'lucide-react';
import { severityFace } from '../../ui/state.tsx';

/** Icon, word and tone of what became of a delivery. */
export const deliveryFace = {
  queued: { icon: Clock, label: 'Queued', tone: 'idle' },
  sending: { icon: LoaderCircle, label: 'Sending', tone: 'busy' },
  delivered: { icon: CheckCircle2, label: 'Delivered', tone: 'ok' },
  failed: { icon: XCircle, label: 'Failed', tone: 'bad' },
  dropped: { icon: BellOff, label: 'Not sent', tone: 'idle' },
} as const satisfies Record<Delivery['state'], object>;

export const healthFace = {
  ok: { icon: CheckCircle2, label: 'Works', tone: 'ok' },
  failing: { icon: XCircle, label: 'Fails', tone: 'bad' },
  broken: { icon: OctagonAlert, label: 'Cannot work', tone: 'bad' },
  untested: { icon: CircleHelp, label: 'Not used yet', tone: 'idle' },
  off: { icon: CirclePause, label: 'Off', tone: 'idle' },
} as const satisfies Record<ChannelHealth['health'], object>;

/** What is over does not shout. */
export const noticeFace = ({ severity, phase }: Notification) =>
  phase === 'resolved'
    ? ({ icon: CheckCircle2, label: 'Resolved', tone: 'ok' } as const)
    : phase === 'acknowledged'
      ? ({ icon: CircleDashed, label: 'Acknowledged', tone: 'idle' } as const)
      : severityFace[severity];
