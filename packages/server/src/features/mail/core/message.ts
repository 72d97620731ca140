import type { MailConfig, MailMessage } from '@vigiles/contract';
import { addressKey, nameProblem, readMailbox, unprintable } from './address.ts';
import { fileProblem } from './attachment.ts';

export interface Recipient {
  address: string;
  name: string;
  kind: 'to' | 'cc' | 'bcc';
}

/** A mail that was checked: nothing in it can become another header, recipient or file. */
export interface CheckedMail {
  recipients: Recipient[];
  subject: string;
  fromName: string;
  text: string | null;
  html: string | null;
  attachments: { filename: string; contentType: string; content: string; size: number }[];
}

export interface MessageProblem {
  code: string;
  message: string;
}

const mb = 1_048_576;

/** Checks every field; the first problem is told with the field it is in. */
export function checkMessage(
  message: MailMessage,
  limits: Pick<MailConfig, 'max_recipients' | 'max_attachments' | 'max_attachments_mb' | 'refuse_extensions'>,
): CheckedMail | MessageProblem {
  const wrong = (code: string, text: string): MessageProblem => ({ code, message: text });
  const recipients: Recipient[] = [];
  const known = new Set<string>();
  for (const kind of ['to', 'cc', 'bcc'] as const) {
    for (const [at, text] of (message[kind] ?? []).entries()) {
      const mailbox = readMailbox(text);
      if (typeof mailbox === 'string') return wrong('mail_bad_address', `${kind}[${at}]: ${mailbox}.`);
      // Twice in one mail is one recipient, not two copies.
      if (known.has(addressKey(mailbox.address))) continue;
      known.add(addressKey(mailbox.address));
      recipients.push({ ...mailbox, kind });
    }
  }
  if (recipients.length === 0) return wrong('mail_no_recipient', 'to, cc and bcc name nobody.');
  if (recipients.length > limits.max_recipients)
    return wrong(
      'mail_too_many_recipients',
      `${recipients.length} recipients, cc and bcc counted; at most ${limits.max_recipients} (mail.max_recipients).`,
    );
  const { subject, from_name: fromName } = message;
  if (unprintable.test(subject))
    return wrong('mail_bad_header', 'subject: it has a line end or another control character.');
  const badName = fromName ? nameProblem(fromName) : null;
  if (badName !== null) return wrong('mail_bad_header', `from_name: it ${badName}.`);
  const html = message.html === true ? message.body : message.html || null;
  const text = message.html === true ? null : message.body;
  if (message.body.includes('\0') || html?.includes('\0'))
    return wrong('mail_bad_body', 'body: it has a NUL.');
  if (subject.trim() === '' && message.body.trim() === '' && !html)
    return wrong('mail_empty', 'There is neither a subject nor a text.');
  const files = message.attachments ?? [];
  if (files.length > limits.max_attachments)
    return wrong('mail_attachments', `${files.length} attachments; at most ${limits.max_attachments}.`);
  const attachments: CheckedMail['attachments'] = [];
  let bytes = 0;
  for (const [at, file] of files.entries()) {
    const problem = fileProblem(file, limits.refuse_extensions);
    if (problem !== null) return wrong('mail_attachments', `attachments[${at}]: ${problem}.`);
    const size = Math.floor((file.content.replace(/=+$/, '').length * 3) / 4);
    bytes += size;
    attachments.push({
      filename: file.filename,
      contentType: file.content_type,
      content: file.content,
      size,
    });
  }
  if (bytes > limits.max_attachments_mb * mb)
    return wrong(
      'mail_attachments',
      `The attachments have ${(bytes / mb).toFixed(1)} MB; at most ${limits.max_attachments_mb} (mail.max_attachments_mb).`,
    );
  return { recipients, subject, fromName: fromName ?? '', text, html, attachments };
}
