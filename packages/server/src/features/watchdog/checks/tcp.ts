import { connect } from 'node:net';
import { defineCheck, failedLook, isLoopback, type Look } from './define-check.ts';

export const check = defineCheck({
  type: 'tcp',
  title: 'TCP',
  target: (config) => `${config.host}:${config.port}`,
  remoteHost: (config) => (isLoopback(config.host) ? null : config.host),
  localPort: (config) => (isLoopback(config.host) ? config.port : null),
  look(config, { clock, signal }) {
    const begun = clock.monotonic();
    const { promise, resolve } = Promise.withResolvers<Look>();
    const socket = connect({ host: config.host, port: config.port });
    const end = (look: Look) => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve(look);
    };
    const abort = () => end(failedLook(null, signal));
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => end({ ok: true, latencyMs: clock.monotonic() - begun }));
    socket.on('error', (thrown) => end(failedLook(thrown, signal)));
    return promise;
  },
});
