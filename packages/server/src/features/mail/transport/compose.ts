import type { Mail } from '@vigiles/contract';
import type { Mailbox } from '../core/address.ts';
import type { MailContent } from '../store.ts';

/**
 * A mail as bytes. Addresses are handed over in parts: the library's own parser would make more than one of some. `bcc` is in the
 * envelope only.
 */
export async function composeMail(mail: Mail, content: MailContent, from: Mailbox): Promise<Buffer> {
  // Large, and most homes send no mail.
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const of = (kind: 'to' | 'cc') =>
    mail.recipients.filter((one) => one.kind === kind).map(({ name, address }) => ({ name, address }));
  const composer = new MailComposer({
    from: { name: mail.from_name || from.name, address: from.address },
    to: of('to'),
    cc: of('cc'),
    subject: mail.subject,
    ...(content.text === null ? {} : { text: content.text }),
    ...(content.html === null ? {} : { html: content.html }),
    attachments: content.attachments.map(({ filename, contentType, content: base64 }) => ({
      filename,
      contentType,
      content: Buffer.from(base64, 'base64'),
      contentDisposition: 'attachment' as const,
    })),
    date: new Date(mail.created_at),
    // The same for every try: mail programs show a repetition once.
    messageId: mail.message_id,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}
