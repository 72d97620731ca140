import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { MailStatus } from '@vigiles/contract';
import { CheckCircle2, CirclePause, Plug, XCircle } from 'lucide-react';
import { toast } from 'sonner';
import { checkMail, mailStatusQuery } from '../../data/mail.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { StateLabel, type Face } from '../../ui/state.tsx';

function faceOf({ enabled, status }: MailStatus): Face {
  if (status === 'not_configured') return { icon: Plug, label: 'Not set up', tone: 'idle' };
  if (!enabled) return { icon: CirclePause, label: 'Off', tone: 'idle' };
  if (status === 'authenticated') return { icon: CheckCircle2, label: 'Works', tone: 'ok' };
  return { icon: XCircle, label: status === 'token_expired' ? 'Signed out' : 'Fails', tone: 'bad' };
}

/** Whether mail can leave, and how much of today is left. */
export function RelayState() {
  const client = useQueryClient();
  const { data } = useQuery(mailStatusQuery);
  const check = useMutation({
    mutationFn: checkMail,
    onSuccess(status) {
      client.setQueryData(mailStatusQuery.queryKey, status);
      if (status.authenticated) toast('The mail server takes the login');
      else toast.error('Mail cannot be sent', { description: status.problem ?? '' });
    },
    onError: (error) => void toast.error('It could not be tried', { description: error.message }),
  });
  if (!data) return null;
  const set = data.status !== 'not_configured';
  return (
    <section
      aria-label="Mail relay"
      className="flex flex-wrap items-center gap-x-5 gap-y-2 border-b border-line bg-surface px-(--gutter) py-2.5 text-sm"
    >
      <StateLabel face={faceOf(data)} />
      {data.from && <span className="break-all text-text-2">{data.from}</span>}
      {data.host && <span className="text-text-3">by {data.host}</span>}
      <span className="num text-text-3">
        {data.emails_sent_today} sent today, {data.remaining} of {data.daily_limit} left
      </span>
      {set && data.problem && <p className="w-full break-words text-text-2">{data.problem}</p>}
      {!set && (
        <p className="w-full text-text-2">
          Agents and devices can send mail once mail.transport and mail.recipients are set.
        </p>
      )}
      <div className="ml-auto flex gap-2">
        {set && (
          <Button disabled={check.isPending} onClick={() => check.mutate()}>
            Try the login
          </Button>
        )}
        <Link to="/settings" className={buttonClass()}>
          Settings
        </Link>
      </div>
    </section>
  );
}
