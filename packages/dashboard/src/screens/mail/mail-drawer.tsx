import { useQuery } from '@tanstack/react-query';
import type { MailDetail } from '@vigiles/contract';
import { useState } from 'react';
import { mailQuery } from '../../data/mail.ts';
import { formatSpan } from '../../format/duration.ts';
import { formatCount } from '../../format/number.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { Drawer } from '../../ui/drawer.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Facts } from '../../ui/facts.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { StateLabel } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';
import { MailActions } from './mail-actions.tsx';
import { mailFace, recipientFace } from './mail-face.ts';

const heading = 'border-y border-line px-4 py-2 text-sm text-text-3';

function About({ mail }: { mail: MailDetail }) {
  const now = useNow();
  const wait = mail.state === 'awaiting_approval' ? mail.approval_until : mail.next_at;
  return (
    <div className="flex flex-col gap-3 p-4">
      <div className="flex flex-wrap items-center gap-3 text-sm">
        <StateLabel face={mailFace[mail.state]} />
        {mail.attempts > 0 && (
          <span className="num text-text-3">{mail.attempts === 1 ? '1 try' : `${mail.attempts} tries`}</span>
        )}
        {wait !== null && (mail.state === 'queued' || mail.state === 'awaiting_approval') && (
          <span className="text-text-3">
            {mail.state === 'queued' ? 'next try ' : 'expires '}
            {wait > now ? `in ${formatSpan(wait - now)}` : 'now'}
          </span>
        )}
        <Ago ts={mail.created_at} className="ml-auto text-text-3" />
      </div>
      {mail.reason && <p className="break-words text-text-2">{mail.reason}</p>}
      <MailActions mail={mail} />
      <Facts
        rows={[
          ['From', mail.from_name || 'the relay’s own name'],
          ['Asked by', mail.device_name],
          ['Message-ID', <code className="font-mono text-xs break-all">{mail.message_id}</code>],
        ]}
      />
    </div>
  );
}

const shownAtFirst = 20_000;

/** What somebody wrote, as text whatever it is; nothing of it is left out without saying so. */
function Written({ text, code = false }: { text: string; code?: boolean }) {
  const [all, setAll] = useState(false);
  const cut = !all && text.length > shownAtFirst;
  return (
    <>
      <p className={cx('px-4 py-3 break-words whitespace-pre-wrap', code && 'font-mono text-xs')}>
        {cut ? text.slice(0, shownAtFirst) : text}
      </p>
      {cut && (
        <div className="px-4 pb-3">
          <Button onClick={() => setAll(true)}>Show all {formatCount(text.length)} characters</Button>
        </div>
      )}
    </>
  );
}

/** One mail: its state, what each recipient's server said, and its text as long as that is kept. */
export function MailDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(mailQuery(id));
  const { data } = query;
  const title = data ? data.subject || 'No subject' : 'Mail';
  return (
    <Drawer title={title} label={title} onClose={onClose}>
      {query.isError && !data ? (
        <ErrorState error={query.error} what="This mail" retry={() => void query.refetch()} />
      ) : !data ? (
        <SkeletonRows rows={4} />
      ) : (
        <>
          <About mail={data} />
          <h3 className={heading}>Recipients</h3>
          <ul className="divide-y divide-line">
            {data.recipients.map((one) => (
              <li key={one.address} className="flex flex-col gap-1 px-4 py-2.5">
                <div className="flex flex-wrap items-center gap-x-3">
                  <span className="break-all">{one.name ? `${one.name} <${one.address}>` : one.address}</span>
                  <span className="text-sm text-text-3">{one.kind}</span>
                  <StateLabel face={recipientFace[one.state]} className="ml-auto" />
                </div>
                {one.reply && <p className="font-mono text-xs break-words text-text-3">{one.reply}</p>}
              </li>
            ))}
          </ul>
          {data.attachments.length > 0 && (
            <>
              <h3 className={heading}>Attachments</h3>
              <ul className="px-4 py-2.5">
                {data.attachments.map((file) => (
                  <li key={file.filename} className="flex gap-3 text-sm">
                    <span className="break-all">{file.filename}</span>
                    <span className="num ml-auto shrink-0 text-text-3">
                      {Math.max(1, Math.round(file.size / 1024))} KB
                    </span>
                  </li>
                ))}
              </ul>
            </>
          )}
          <h3 className={heading}>Text</h3>
          {data.body === null ? (
            <p className="px-4 py-3 text-sm text-text-3">
              It is not kept any more: it goes as soon as a mail is sent or discarded.
            </p>
          ) : (
            <Written text={data.body} />
          )}
          {data.html !== null && data.html !== data.body && (
            <>
              <h3 className={heading}>HTML part, as it is written: most programs show this one</h3>
              <Written text={data.html} code />
            </>
          )}
        </>
      )}
    </Drawer>
  );
}
