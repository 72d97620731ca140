import type { MailRecipient, MailState } from '@vigiles/contract';
import {
  Ban,
  CheckCircle2,
  CircleHelp,
  Clock,
  Hand,
  Hourglass,
  LoaderCircle,
  Trash2,
  TriangleAlert,
  XCircle,
} from 'lucide-react';
import type { Face } from '../../ui/state.tsx';

/** Icon, word and tone of each state of a mail. */
export const mailFace: Record<MailState, Face> = {
  awaiting_approval: { icon: Hand, label: 'Needs you', tone: 'warn' },
  queued: { icon: Clock, label: 'Queued', tone: 'idle' },
  sending: { icon: LoaderCircle, label: 'Sending', tone: 'busy' },
  sent: { icon: CheckCircle2, label: 'Sent', tone: 'ok' },
  partly_sent: { icon: TriangleAlert, label: 'Sent to some', tone: 'warn' },
  uncertain: { icon: CircleHelp, label: 'Uncertain', tone: 'warn' },
  failed: { icon: XCircle, label: 'Not sent', tone: 'bad' },
  denied: { icon: Ban, label: 'Denied', tone: 'idle' },
  expired: { icon: Hourglass, label: 'Expired', tone: 'idle' },
  discarded: { icon: Trash2, label: 'Discarded', tone: 'idle' },
};

export const recipientFace: Record<MailRecipient['state'], Face> = {
  pending: { icon: Clock, label: 'Waits', tone: 'idle' },
  taken: { icon: CheckCircle2, label: 'Taken', tone: 'ok' },
  refused: { icon: XCircle, label: 'Refused', tone: 'bad' },
};

/** `a@example.com and 2 more` */
export function toWhom(recipients: readonly MailRecipient[]): string {
  const [first] = recipients;
  if (!first) return 'nobody';
  return recipients.length === 1 ? first.address : `${first.address} and ${recipients.length - 1} more`;
}
