import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Mail } from '@vigiles/contract';
import { Check, RotateCw, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { actOnMail, refreshMail, type MailVerb } from '../../data/mail.ts';
import { Button } from '../../ui/button.tsx';

const done: Record<MailVerb, string> = {
  retry: 'It is tried again',
  discard: 'Discarded',
  approve: 'Approved',
  deny: 'Denied',
};
const canRetry = new Set<Mail['state']>(['queued', 'failed', 'uncertain', 'partly_sent']);

/** What a person can do with a mail now. */
export function MailActions({ mail }: { mail: Mail }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const act = useMutation({
    mutationFn: (verb: MailVerb) => actOnMail(mail.id, verb, mail.state),
    onSuccess(_mail, verb) {
      setAsking(false);
      toast(done[verb]);
      refreshMail(client);
    },
    onError: (error) => void toast.error('It was not done', { description: error.message }),
  });
  if (mail.state === 'awaiting_approval')
    return (
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" disabled={act.isPending} onClick={() => act.mutate('approve')}>
          <Check aria-hidden size={13} /> Approve
        </Button>
        <Button variant="danger" disabled={act.isPending} onClick={() => act.mutate('deny')}>
          <X aria-hidden size={13} /> Deny
        </Button>
      </div>
    );
  if (!canRetry.has(mail.state)) return null;
  if (asking)
    return (
      <div className="flex flex-col gap-2" role="alert">
        <p className="text-sm text-text-2">
          The server may have it already. Sent again it may arrive twice; mail programs often show it once.
        </p>
        <div className="flex flex-wrap gap-2">
          <Button variant="danger" disabled={act.isPending} onClick={() => act.mutate('retry')}>
            Send it all the same
          </Button>
          <Button onClick={() => setAsking(false)}>Leave it</Button>
        </div>
      </div>
    );
  return (
    <div className="flex flex-wrap gap-2">
      {mail.kept && (
        <Button
          disabled={act.isPending}
          onClick={() => (mail.state === 'uncertain' ? setAsking(true) : act.mutate('retry'))}
        >
          <RotateCw aria-hidden size={13} /> {mail.state === 'queued' ? 'Send now' : 'Send again'}
        </Button>
      )}
      <Button variant="danger" disabled={act.isPending} onClick={() => act.mutate('discard')}>
        <Trash2 aria-hidden size={13} /> Discard
      </Button>
    </div>
  );
}
