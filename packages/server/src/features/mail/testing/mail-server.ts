import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail as it arrived: once for each time that a client brought it and got an answer, or was cut off after it. */
export interface Arrived {
  from: string;
  to: string[];
  text: string;
  user: unknown;
  secure: boolean;
  /** False: the client was cut off before it heard that it was taken. */
  answered: boolean;
}

export interface MailServerOptions {
  user?: string;
  password?: string;
  /** Takes this access token by XOAUTH2. */
  accessToken?: () => string;
  size?: number;
}

const refusal = (responseCode: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode });

/**
 * A real SMTP server on the loopback, with STARTTLS and AUTH. It knows some people: `nobody@` has no mailbox, `full@` is full,
 * `grey@` is greylisted at first.
 */
export async function startMailServer({
  user = 'me',
  password = 'right-password',
  accessToken,
  size = 5_000_000,
}: MailServerOptions = {}) {
  const arrived: Arrived[] = [];
  const seenGrey = new Set<string>();
  const held: (() => void)[] = [];
  const state = { logins: 0, drop: 0, refuseText: '', hold: false, connections: 0 };
  const server = new SMTPServer({
    size,
    authMethods: accessToken ? ['XOAUTH2', 'PLAIN'] : ['PLAIN', 'LOGIN'],
    onConnect(_session, done) {
      state.connections += 1;
      done();
    },
    onAuth(auth, _session, done) {
      state.logins += 1;
      const right =
        auth.method === 'XOAUTH2'
          ? accessToken !== undefined && auth.accessToken === accessToken()
          : auth.password === password;
      if (auth.username === user && right) done(null, { user });
      else done(refusal(535, '5.7.8 Error: authentication failed'));
    },
    onRcptTo({ address }, session, done) {
      const name = address.split('@')[0] ?? '';
      if (name === 'nobody') return done(refusal(550, '5.1.1 No such user here'));
      if (name === 'full') return done(refusal(452, '4.2.2 Mailbox full'));
      const key = `${session.envelope.mailFrom ? session.envelope.mailFrom.address : ''} ${address}`;
      if (name === 'grey' && !seenGrey.has(key)) {
        seenGrey.add(key);
        return done(refusal(451, '4.7.1 Greylisted, come back later'));
      }
      return done();
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        if (state.refuseText !== '') {
          done(refusal(Number(state.refuseText.slice(0, 3)), state.refuseText.slice(4)));
          return;
        }
        const mail: Arrived = {
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(parts).toString('utf8'),
          user: session.user,
          secure: session.secure,
          answered: state.drop === 0 && !state.hold,
        };
        arrived.push(mail);
        if (state.drop > 0) {
          state.drop -= 1;
          cut();
          return;
        }
        const answer = (): void => {
          mail.answered = true;
          done();
        };
        if (state.hold) held.push(answer);
        else answer();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));

  /** Every connection is gone at once. */
  function cut(): void {
    const { connections } = server as unknown as { connections: Set<{ _socket: Socket }> };
    for (const { _socket: socket } of connections) socket.destroy();
  }

  return {
    port: (server.server.address() as AddressInfo).port,
    arrived,
    state,
    cut,
    /** Answers those that were held back. */
    release(): void {
      state.hold = false;
      for (const answer of held.splice(0)) answer();
    },
    close: (): Promise<void> => {
      cut();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

export type MailServer = Awaited<ReturnType<typeof startMailServer>>;
