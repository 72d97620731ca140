import { Readable } from 'node:stream';
import type SmtpConnectionType from 'nodemailer/lib/smtp-connection';
import type { MailTransportConfig } from '@vigiles/contract';
import type { Egress } from '../../../platform/egress/index.ts';
import { withoutSecrets } from '../../../platform/secrets/index.ts';
import { explain, readReply, verdictOf, type Reply } from '../core/reply.ts';
import type { Transfer } from '../core/outcome.ts';
import type { GmailTokens } from './gmail-token.ts';

export interface SmtpWork {
  transport: MailTransportConfig;
  egress: Pick<Egress, 'addresses'>;
  tokens: GmailTokens;
  timeoutMs: number;
  signal: AbortSignal;
  /** A person asks: a final refusal of the token is tried once more. */
  anew?: boolean;
}

export interface Envelope {
  from: string;
  to: readonly string[];
  message: Buffer;
  /** Called before the first byte of the text leaves; false: it must not. */
  dataBegins(): Promise<boolean>;
}

/** As nodemailer throws it. */
interface SmtpError extends Error {
  code?: string;
  command?: string;
  response?: string;
  responseCode?: number;
  rejectedErrors?: readonly (SmtpError & { recipient?: string })[];
}

type Unreached = Extract<Transfer, { kind: 'unreached' }>;
const chunkBytes = 16_384;
/** RFC 4954 6: the account is refused, not the mail. */
const loginCodes = new Set([530, 534, 535, 538]);

const replyOf = ({ response, responseCode }: SmtpError): Reply | null =>
  response === undefined && responseCode === undefined ? null : readReply(response ?? '', responseCode);

/** What a failure before the text means. */
function unreached(error: SmtpError, host: string): Unreached {
  const reply = replyOf(error);
  const account = (reason: string): Unreached => ({ kind: 'unreached', reason, reply, account: true });
  const { code = '' } = error;
  if (code === 'EAUTH' && (reply === null || verdictOf(reply) === 'never'))
    return account(`${host} refused the login${reply ? ` (${reply.status ?? ''} ${reply.code ?? ''})` : ''}`);
  if (code === 'ETLS') return account(`no encrypted connection to ${host} was possible`);
  if (code === 'EAUTH')
    return { kind: 'unreached', reason: `${host} takes no login at the moment`, reply, account: false };
  const why = reply ? explain(reply) : /^[A-Z_]{2,40}$/.test(code) ? code : 'no answer';
  return { kind: 'unreached', reason: `${host} did not take it: ${why}`, reply, account: false };
}

/** What a server said, without the secrets that it was shown and may repeat. */
const unsaid = <T>(said: T, secrets: readonly string[]): T =>
  JSON.parse(JSON.stringify(said), (_key, value: unknown) =>
    typeof value === 'string' ? withoutSecrets(value, secrets) : value,
  ) as T;

/** Opens a connection, signs in, and does something there. Never throws. */
async function connected<T>(
  { transport, egress, tokens, timeoutMs, signal, anew }: SmtpWork,
  work: (connection: Connection) => Promise<T>,
): Promise<T | Unreached> {
  const { host, port, security } = transport;
  const found = await egress.addresses(host, port, 'configured');
  if (!found.ok)
    return {
      kind: 'unreached',
      reason: found.fault.message,
      reply: null,
      account: found.fault.code === 'egress_private_address',
    };
  const [address] = found.value;
  if (address === undefined)
    return { kind: 'unreached', reason: `${host} has no address`, reply: null, account: false };
  let token = '';
  if (transport.type === 'gmail') {
    const got = await tokens.get(transport, signal, anew);
    if (got.kind !== 'token')
      return { kind: 'unreached', reason: got.reason, reply: null, account: got.kind !== 'later' };
    token = got.value;
  }
  const secrets = [
    token,
    ...(transport.type === 'gmail'
      ? [transport.client_secret, transport.refresh_token]
      : [transport.password ?? '']),
  ];
  const { default: SmtpConnection } = await import('nodemailer/lib/smtp-connection');
  const connection = new SmtpConnection({
    // The address that was checked; the certificate must still be the host's.
    host: address,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { servername: host, rejectUnauthorized: transport.verify_certificate },
    connectionTimeout: Math.min(10_000, timeoutMs),
    greetingTimeout: Math.min(30_000, timeoutMs),
    socketTimeout: timeoutMs,
  });
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  connection.on('error', (error) => broken.reject(error));
  connection.on('end', () => broken.reject(new Error('the connection ended')));
  const close = () => {
    broken.reject(Object.assign(new Error('stopped'), { code: 'STOPPED' }));
    connection.close();
  };
  signal.addEventListener('abort', close, { once: true });
  const step = (begin: (done: (error?: Error | null) => void) => void): Promise<void> =>
    Promise.race([
      new Promise<void>((settle, refuse) => begin((error) => (error ? refuse(error) : settle()))),
      broken.promise,
    ]);
  try {
    if (signal.aborted) throw Object.assign(new Error('stopped'), { code: 'STOPPED' });
    await step((done) => connection.connect(done));
    if (transport.type === 'gmail')
      await step((done) => connection.login(xoauth2(transport.user, token) as never, done));
    else if (transport.username !== undefined) {
      const { username: user, password: pass = '' } = transport;
      await step((done) => connection.login({ user, pass }, done));
    }
    return unsaid(await work({ connection, broken: broken.promise }), secrets);
  } catch (thrown) {
    if ((thrown as SmtpError).code === 'EAUTH') tokens.drop();
    return unsaid(unreached(thrown as SmtpError, host), secrets);
  } finally {
    signal.removeEventListener('abort', close);
    connection.quit();
    connection.close();
  }
}

interface Connection {
  connection: SmtpConnectionType;
  broken: Promise<never>;
}

/** A token that was got already, in the form the library asks for. */
const xoauth2 = (user: string, token: string) => ({
  user,
  oauth2: {
    user,
    getToken: (_renew: boolean, done: (error: Error | null, token: string) => void) => done(null, token),
    buildXOAuth2Token: (value: string) =>
      Buffer.from(`user=${user}\u0001auth=Bearer ${value}\u0001\u0001`).toString('base64'),
  },
});

/** Signs in and leaves. Null: it works. */
export async function tryLogin(work: SmtpWork): Promise<Unreached | null> {
  const seen = await connected(work, () => Promise.resolve('in' as const));
  return seen === 'in' ? null : seen;
}

/** Gives a mail to the server, once. */
export function sendMail(work: SmtpWork, envelope: Envelope): Promise<Transfer> {
  return connected(work, ({ connection, broken }) =>
    transfer(connection, broken, envelope, work.transport.host),
  );
}

/** @returns what the server said; throws what went wrong before the text */
async function transfer(
  connection: SmtpConnectionType,
  broken: Promise<never>,
  { from, to, message, dataBegins }: Envelope,
  host: string,
): Promise<Transfer> {
  let wholeLeft = false;
  // Read from only when the server has said that it takes the text.
  const text = Readable.from(
    (async function* () {
      if (!(await dataBegins())) throw new Error('it is not to be sent any more');
      for (let at = 0; at < message.length; at += chunkBytes) {
        const last = at + chunkBytes >= message.length;
        if (last) wholeLeft = true;
        yield message.subarray(at, at + chunkBytes);
      }
    })(),
    { objectMode: false, highWaterMark: chunkBytes },
  );
  // The stream is only flowing once piped; an error of it before that is the envelope's.
  text.on('error', () => undefined);
  try {
    const info = await Promise.race([
      new Promise<{ accepted: string[]; rejectedErrors?: SmtpError['rejectedErrors']; response: string }>(
        (settle, refuse) =>
          connection.send({ from, to: [...to], size: message.length }, text, (error, sent) =>
            error ? refuse(error) : settle(sent as never),
          ),
      ),
      broken,
    ]);
    const last = readReply(info.response);
    return { kind: 'answered', taken: info.accepted, answers: answersOf(info.rejectedErrors), last };
  } catch (thrown) {
    const error = thrown as SmtpError;
    const reply = replyOf(error);
    if (error.code === 'EMESSAGE' && reply === null) {
      const last = { status: 552, code: '5.3.4', text: 'larger than the server takes' };
      return { kind: 'answered', taken: [], answers: [], last };
    }
    if (reply !== null && loginCodes.has(reply.status ?? 0))
      throw Object.assign(new Error('the server wants a login'), { code: 'EAUTH', response: reply.text });
    // Every recipient was refused, or the sender, or the text: the answer holds for those without one of their own.
    if (reply !== null && reply.status !== null && reply.status >= 400 && reply.status !== 421)
      return { kind: 'answered', taken: [], answers: answersOf(error.rejectedErrors), last: reply };
    if (wholeLeft && !(reply?.status === 421))
      return {
        kind: 'uncertain',
        reason: `${host} had all of it and went away before it said whether it took it`,
      };
    throw thrown;
  } finally {
    text.destroy();
  }
}

const answersOf = (errors: SmtpError['rejectedErrors'] = []) =>
  errors.flatMap((error) => {
    const reply = replyOf(error);
    return error.recipient === undefined || reply === null ? [] : [{ address: error.recipient, reply }];
  });
