import { connect } from 'node:net';
import { defineCheck, remoteUnlessLoopback, type ConfigOf, type Look } from './define-check.ts';
import { failedLook, noAnswer, unhealthy } from './failed-look.ts';
import { tooSlow } from './too-slow.ts';

/** How much of what is said is kept while the expected text is waited for. */
const mostHeard = 64 * 1024;

/** `\r\n` and the like, for texts that come from a form. */
const spoken = (text: string): string =>
  text.replaceAll(/\\([rnt0\\])/g, (_whole, letter: string) => {
    const said: Record<string, string> = { r: '\r', n: '\n', t: '\t', '0': '\0', '\\': '\\' };
    return said[letter] ?? letter;
  });

const firstLine = (heard: string): string => (heard.split(/[\r\n]/, 1)[0] ?? '').slice(0, 120);

export const check = defineCheck({
  type: 'tcp',
  title: 'TCP',
  target: (config) => `${config.host}:${config.port}`,
  remoteHost: (config) => remoteUnlessLoopback(config.host),
  localPort: (config) => (remoteUnlessLoopback(config.host) === null ? config.port : null),
  prepare(config, { clock }) {
    const send = config.send === undefined ? null : spoken(config.send);
    const expect = config.expect === undefined ? null : spoken(config.expect);
    return {
      look: ({ signal }) => {
        const begun = clock.monotonic();
        return talk(config, { send, expect, signal, elapsed: () => clock.monotonic() - begun });
      },
    };
  },
});

interface Talk {
  send: string | null;
  expect: string | null;
  signal: AbortSignal;
  elapsed: () => number;
}

function talk(config: ConfigOf<'tcp'>, { send, expect, signal, elapsed }: Talk): Promise<Look> {
  const { promise, resolve } = Promise.withResolvers<Look>();
  const socket = connect({ host: config.host, port: config.port });
  let heard = '';
  const end = (look: Look) => {
    signal.removeEventListener('abort', abort);
    socket.destroy();
    resolve(look);
  };
  const well = () => {
    const latencyMs = elapsed();
    const facts = heard === '' ? {} : { facts: { answer: firstLine(heard) } };
    end(tooSlow(config, latencyMs) ?? { ok: true, latencyMs, ...facts });
  };
  const wrong = () =>
    end(unhealthy(`it answered “${firstLine(heard)}”, without “${expect}”`, { answer: firstLine(heard) }));
  const abort = () => (heard === '' ? end(noAnswer()) : wrong());
  signal.addEventListener('abort', abort, { once: true });
  socket.once('connect', () => {
    if (send !== null) socket.write(send);
    if (expect === null) well();
  });
  socket.setEncoding('latin1');
  socket.on('data', (piece: string) => {
    heard += piece;
    if (expect !== null && Buffer.from(heard, 'latin1').includes(expect)) well();
    else if (heard.length > mostHeard) wrong();
  });
  socket.on('end', () =>
    heard === '' ? end(unhealthy('the connection was closed without a word')) : wrong(),
  );
  socket.on('error', (thrown) => end(failedLook(thrown, signal)));
  return promise;
}
