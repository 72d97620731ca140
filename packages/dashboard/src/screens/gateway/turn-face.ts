import type { TurnOutcome } from '@vigiles/contract';
import { Ban, CheckCircle2, CircleSlash, CloudAlert, XCircle } from 'lucide-react';

export const turnFace = {
  ok: { icon: CheckCircle2, label: 'Done', tone: 'ok' },
  client_aborted: { icon: CircleSlash, label: 'Stopped', tone: 'idle' },
  upstream_error: { icon: CloudAlert, label: 'Provider error', tone: 'bad' },
  gateway_error: { icon: XCircle, label: 'Gateway error', tone: 'bad' },
  rejected: { icon: Ban, label: 'Rejected', tone: 'warn' },
} as const satisfies Record<TurnOutcome, unknown>;
