import { domainToASCII } from 'node:url';
import type { ChannelContext, ConfigOf, Sent } from '../define-channel.ts';
import { defineChannel, later, refused, sent } from '../define-channel.ts';
import { mailAddress, type MailAddress } from '../core/mail-address.ts';
import type { Message } from '../core/render.ts';
import { asText } from '../signs.ts';

type Config = ConfigOf<'email'>;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const htmlOf = ({ title, body, link }: Message): string =>
  [
    `<p><strong>${escape(title)}</strong></p>`,
    body === '' ? '' : `<p>${escape(body).replaceAll('\n', '<br>')}</p>`,
    link === null ? '' : `<p><a href="${escape(link)}">Open in Vigiles</a></p>`,
  ].join('');

/** SMTP replies (RFC 5321 4.2.1): 4yz may go through later, 5yz will not. */
function judge(thrown: unknown): Sent {
  const { code, responseCode, response, message } = thrown as {
    code?: string;
    responseCode?: number;
    response?: string;
    message?: string;
  };
  const said = response ?? message ?? '';
  if (code === 'EAUTH') return refused('the mail server refused the login', said);
  if (code === 'ETLS') return refused('no encrypted connection to the mail server was possible', said);
  if (responseCode !== undefined && responseCode >= 500)
    return refused(`the mail server refused it with ${responseCode}`, said);
  return later(`the mail server did not take it${code === undefined ? '' : ` (${code})`}`, said);
}

/** E-mail by SMTP. Addresses are checked here: the library’s own parser would make more than one of some. */
export const channel = defineChannel({
  type: 'email',
  title: 'E-mail',
  perMinute: 20,
  target: (config) =>
    `${config.to.length === 1 ? config.to[0] : `${config.to.length} addresses`} by ${config.host}`,
  async send(config, message, context) {
    const from = mailAddress(config.from);
    const to = config.to.map(mailAddress);
    const bad = [from, ...to].find((address) => typeof address === 'string');
    if (typeof bad === 'string') return refused(bad);
    const found = await context.egress.addresses(config.host, config.port, 'configured');
    if (!found.ok) return later(found.fault.message);
    const [address] = found.value;
    if (address === undefined) return later(`${config.host} has no address`);
    return deliver(config, from as MailAddress, to as MailAddress[], message, address, context);
  },
});

async function deliver(
  config: Config,
  from: MailAddress,
  to: readonly MailAddress[],
  message: Message,
  address: string,
  { signal }: ChannelContext,
): Promise<Sent> {
  const domain = domainToASCII(from.address.slice(from.address.lastIndexOf('@') + 1)) || 'localhost';
  // Large, and most homes send no mail.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    // The address that was checked; the certificate must still be the host’s.
    host: address,
    port: config.port,
    secure: config.security === 'tls',
    requireTLS: config.security === 'starttls',
    ignoreTLS: config.security === 'none',
    tls: { servername: config.host, rejectUnauthorized: config.verify_certificate },
    ...(config.username === undefined
      ? {}
      : { auth: { user: config.username, pass: config.password ?? '' } }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const end = () => transport.close();
  signal.addEventListener('abort', end, { once: true });
  try {
    const result = await transport.sendMail({
      from: { name: from.name, address: from.address },
      to: to.map(({ name, address: each }) => ({ name, address: each })),
      envelope: { from: from.address, to: to.map(({ address: each }) => each) },
      subject: message.title,
      text: asText({ ...message, title: message.body === '' ? message.title : '' }),
      html: htmlOf(message),
      date: new Date(message.at),
      // The same for every try: mail programs show a repetition once.
      messageId: `<${message.id}@${domain}>`,
      headers: {
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'All',
        ...(message.severity === 'critical' ? { Importance: 'high', 'X-Priority': '1' } : {}),
        ...(message.incidentId === null ? {} : { References: `<${message.incidentId}@${domain}>` }),
      },
    });
    const rejected = result.rejected.length;
    return sent(`${result.response}${rejected > 0 ? `; refused for ${rejected} of ${to.length}` : ''}`);
  } catch (thrown) {
    return judge(thrown);
  } finally {
    signal.removeEventListener('abort', end);
    transport.close();
  }
}
