import type { Mail, MailStatus } from '@vigiles/contract';
import { dim, green, red, yellow } from '../output/style.ts';
import { table, type Painted } from '../output/table.ts';
import { ago } from '../output/units.ts';

const healthOf = ({ enabled, status }: MailStatus): string => {
  if (status === 'not_configured') return dim('not set up');
  if (!enabled) return dim('off');
  if (status === 'authenticated') return green('✔ works');
  return red(status === 'token_expired' ? '✖ signed out' : '✖ fails');
};

/** `vigiles mail status` */
export function mailStatusView(status: MailStatus): string {
  const { from, host, emails_sent_today: sent, remaining, daily_limit: limit, problem, outbox } = status;
  const waiting = Object.entries(outbox)
    .filter(([state]) => state !== 'sent')
    .map(([state, count]) => `${count} ${state.replaceAll('_', ' ')}`);
  return [
    `Mail     ${healthOf(status)}${from === null ? '' : `  ${from} by ${host ?? '?'}`}`,
    `Today    ${sent} sent, ${remaining} of ${limit} left`,
    ...(waiting.length === 0 ? [] : [`Outbox   ${waiting.join(', ')}`]),
    ...(problem === null ? [] : [`Problem  ${problem}`]),
  ].join('\n');
}

const stateOf = ({ state }: Mail): Painted => {
  const words = state.replaceAll('_', ' ');
  if (state === 'sent') return { painted: green(words) };
  if (state === 'failed') return { painted: red(words) };
  if (state === 'uncertain' || state === 'partly_sent' || state === 'awaiting_approval')
    return { painted: yellow(words) };
  return { painted: dim(words) };
};

/** `vigiles mail outbox` */
export function outboxView(mails: readonly Mail[]): string {
  if (mails.length === 0) return dim('No mail.');
  return table(
    [
      { title: 'WHEN', align: 'right' },
      { title: 'ID' },
      { title: 'STATE' },
      { title: 'TO', flexible: true },
      { title: 'SUBJECT', flexible: true },
      { title: 'WHY', flexible: true },
    ],
    mails.map((mail) => [
      ago(mail.created_at),
      mail.id,
      stateOf(mail),
      mail.recipients.map(({ address }) => address).join(', '),
      mail.subject,
      mail.reason,
    ]),
  );
}
