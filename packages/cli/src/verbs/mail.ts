import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import type { Mail, MailPage, MailResult, MailStatus } from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { say, sayJson } from '../output/print.ts';

interface Options {
  home?: string;
  json?: boolean;
}

const base = '/api/v1/mail';
const oneOf = (id: string, verb: string): string => `${base}/outbox/${encodeURIComponent(id)}/${verb}`;

/** `vigiles mail status` */
export async function mailStatusVerb({ home, json, check }: Options & { check?: boolean }): Promise<void> {
  const status = await connect(homeOf(home)).get<MailStatus>(`${base}/status${check ? '?check=true' : ''}`);
  const { mailStatusView } = await import('../views/mail.ts');
  if (json) sayJson(status);
  else say(mailStatusView(status));
  if (check && !status.authenticated)
    throw new CliError(`Mail cannot be sent: ${status.problem ?? status.status}`, exitCode.unhealthy);
}

/** `vigiles mail outbox` */
export async function mailOutboxVerb({
  home,
  json,
  state,
  limit = 20,
}: Options & { state?: string; limit?: number }): Promise<void> {
  const query = new URLSearchParams({ limit: String(limit), ...(state ? { state } : {}) });
  const page = await connect(homeOf(home)).get<MailPage>(`${base}/outbox?${query.toString()}`);
  if (json) return sayJson(page);
  const { outboxView } = await import('../views/mail.ts');
  return say(outboxView(page.mails));
}

/** `vigiles mail send` */
export async function mailSendVerb(
  to: string[],
  options: Options & {
    subject: string;
    body?: string;
    cc: string[];
    bcc: string[];
    attach: string[];
    fromName?: string;
    key?: string;
    wait: number;
  },
): Promise<void> {
  const body = options.body ?? (process.stdin.isTTY ? '' : await readAll(process.stdin));
  const attachments = await Promise.all(
    options.attach.map(async (file) => ({
      filename: basename(file),
      content: (await readFile(file)).toString('base64'),
    })),
  );
  const result = await connect(homeOf(options.home)).send<MailResult>(
    'POST',
    `${base}/send`,
    {
      to,
      cc: options.cc,
      bcc: options.bcc,
      subject: options.subject,
      body,
      attachments,
      wait_s: options.wait,
      ...(options.fromName === undefined ? {} : { from_name: options.fromName }),
      ...(options.key === undefined ? {} : { idempotency_key: options.key }),
    },
    60_000,
  );
  const words = result.state.replaceAll('_', ' ');
  if (options.json) sayJson(result);
  else if (result.error === null) say(`${result.id}: ${words}`);
  if (result.error !== null)
    throw new CliError(`${result.id} is ${words}: ${result.error}`, exitCode.unhealthy);
}

/** `vigiles mail retry` */
export async function mailRetryVerb(
  id: string,
  { home, json, confirm }: Options & { confirm?: boolean },
): Promise<void> {
  const mail = await connect(homeOf(home)).send<Mail>('POST', oneOf(id, 'retry'), {
    confirm: confirm === true,
  });
  if (json) sayJson(mail);
  else say(`${mail.id}: ${mail.state.replaceAll('_', ' ')}`);
}

/** `vigiles mail discard|approve|deny` */
export async function mailDecideVerb(
  verb: 'discard' | 'approve' | 'deny',
  id: string,
  { home, json }: Options,
): Promise<void> {
  const mail = await connect(homeOf(home)).send<Mail>('POST', oneOf(id, verb), {});
  const words = { discard: 'discarded', approve: 'approved', deny: 'denied' } as const;
  if (json) sayJson(mail);
  else say(`${mail.id}: ${words[verb]}`);
}
