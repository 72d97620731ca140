import type { Incident, Outcome, ServiceState } from '@vigiles/contract';
import {
  Ban,
  CheckCircle2,
  CircleDashed,
  CircleHelp,
  CirclePause,
  Info,
  LoaderCircle,
  OctagonAlert,
  TriangleAlert,
  Wrench,
  XCircle,
  type LucideIcon,
} from 'lucide-react';
import type { Tone } from '../live/describe-event.ts';
import { cx } from './cx.ts';

/** How a state is shown: never by its colour alone. */
export interface Face {
  icon: LucideIcon;
  label: string;
  tone: Tone;
}

export const toneText: Record<Tone, string> = {
  ok: 'text-ok',
  warn: 'text-warn',
  bad: 'text-bad',
  busy: 'text-busy',
  idle: 'text-text-3',
};
export const toneFill: Record<Tone, string> = {
  ok: 'bg-ok-fill',
  warn: 'bg-warn-fill',
  bad: 'bg-bad-fill',
  busy: 'bg-busy-fill',
  idle: 'bg-idle-fill',
};
export const toneSoft: Record<Tone, string> = {
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  busy: 'bg-busy-soft text-busy',
  idle: 'bg-idle-soft text-text-2',
};

/** Icon, word and tone of each state: colour is never the only sign. */
export const serviceFace: Record<ServiceState, Face> = {
  UP: { icon: CheckCircle2, label: 'Up', tone: 'ok' },
  SUSPECT: { icon: TriangleAlert, label: 'Suspect', tone: 'warn' },
  DOWN: { icon: XCircle, label: 'Down', tone: 'bad' },
  RECOVERING: { icon: LoaderCircle, label: 'Recovering', tone: 'busy' },
  UNKNOWN: { icon: CircleHelp, label: 'Unknown', tone: 'idle' },
  MAINTENANCE: { icon: Wrench, label: 'Maintenance', tone: 'idle' },
  STOPPED_BY_USER: { icon: CirclePause, label: 'Stopped', tone: 'idle' },
};

export const incidentFace: Record<Incident['state'], Face> = {
  open: { icon: OctagonAlert, label: 'Open', tone: 'bad' },
  acting: { icon: LoaderCircle, label: 'Acting', tone: 'busy' },
  verifying: { icon: LoaderCircle, label: 'Verifying', tone: 'busy' },
  needs_person: { icon: TriangleAlert, label: 'Needs you', tone: 'warn' },
  closed: { icon: CheckCircle2, label: 'Closed', tone: 'idle' },
};

export const outcomeFace: Record<Outcome, Face> = {
  fixed: { icon: CheckCircle2, label: 'Fixed', tone: 'ok' },
  not_fixed: { icon: XCircle, label: 'Not fixed', tone: 'bad' },
  unknown: { icon: CircleHelp, label: 'Unknown', tone: 'idle' },
  cancelled: { icon: Ban, label: 'Cancelled', tone: 'idle' },
  timed_out: { icon: CircleDashed, label: 'Timed out', tone: 'warn' },
  rolled_back: { icon: CircleDashed, label: 'Rolled back', tone: 'warn' },
};

export const severityFace: Record<Incident['severity'], Face> = {
  critical: { icon: OctagonAlert, label: 'Critical', tone: 'bad' },
  warning: { icon: TriangleAlert, label: 'Warning', tone: 'warn' },
  info: { icon: Info, label: 'Info', tone: 'idle' },
};

/** A face as icon and word. */
export function StateLabel({
  face,
  quiet = false,
  className,
}: {
  face: Face;
  quiet?: boolean;
  className?: string;
}) {
  const Icon = face.icon;
  return (
    <span className={cx('inline-flex items-center gap-1.5 whitespace-nowrap', className)}>
      <Icon
        aria-hidden
        size={14}
        strokeWidth={2.2}
        className={cx('shrink-0', toneText[face.tone], face.icon === LoaderCircle && 'spin')}
      />
      <span className={quiet ? 'text-text-2' : toneText[face.tone]}>{face.label}</span>
    </span>
  );
}

/** The same as a tinted badge. */
export function StateBadge({ face }: { face: Face }) {
  const Icon = face.icon;
  return (
    <span
      className={cx(
        'inline-flex h-[22px] items-center gap-1.5 rounded-full px-2 text-sm font-medium whitespace-nowrap',
        toneSoft[face.tone],
      )}
    >
      <Icon
        aria-hidden
        size={13}
        strokeWidth={2.2}
        className={face.icon === LoaderCircle ? 'spin' : undefined}
      />
      {face.label}
    </span>
  );
}
