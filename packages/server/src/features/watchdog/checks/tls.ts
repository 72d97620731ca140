import { isIP } from 'node:net';
import { checkServerIdentity, connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import type { CheckFacts } from '@vigiles/contract';
import { authoritiesIn } from './authorities.ts';
import { defineCheck, remoteUnlessLoopback, type ConfigOf, type Look } from './define-check.ts';
import { failedLook, noAnswer, unhealthy } from './failed-look.ts';

const dayMs = 86_400_000;
const longestChain = 10;

/** The certificates that were sent, leaf first. */
function chainOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  for (let one = leaf; one?.fingerprint256 && chain.length < longestChain; one = one.issuerCertificate) {
    if (chain.some(({ fingerprint256 }) => fingerprint256 === one.fingerprint256)) break;
    chain.push(one);
  }
  return chain;
}

const daysBetween = (from: number, to: number): number => Math.floor(((to - from) / dayMs) * 10) / 10;

/** How long it is valid altogether, milliseconds. */
const lifeOf = (one: DetailedPeerCertificate): number =>
  Date.parse(one.valid_to) - Date.parse(one.valid_from);

/** What OpenSSL says of a chain, in words. */
const chainWords: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate leads to an authority that is not known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificates between its own and the authority are missing',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate leads to an authority that is not known',
};

interface Judged {
  problem: string | null;
  facts: CheckFacts;
}

function judge(socket: TLSSocket, config: ConfigOf<'tls'>, name: string, now: number): Judged {
  const leaf = socket.getPeerCertificate(true);
  if (!leaf.valid_to) return { problem: 'it sent no certificate', facts: {} };
  const chain = chainOf(leaf);
  const ends = chain.map((one) => Date.parse(one.valid_to));
  const days = daysBetween(now, Math.min(...ends));
  const facts: CheckFacts = {
    certificate_days_left: days,
    certificate_life_days: Math.round(lifeOf(chain[ends.indexOf(Math.min(...ends))] ?? leaf) / dayMs),
    certificate_expires: new Date(Math.min(...ends)).toISOString(),
    certificate_subject: String(leaf.subject?.CN ?? ''),
    certificate_issuer: String(leaf.issuer?.CN ?? leaf.issuer?.O ?? ''),
    tls_version: socket.getProtocol(),
    chain_length: chain.length,
  };
  return { problem: problemOf(), facts };

  function problemOf(): string | null {
    const which = ends.indexOf(Math.min(...ends)) === 0 ? 'its certificate' : 'a certificate of its chain';
    if (days < 0) return `${which} expired ${-days} days ago`;
    if (Date.parse(leaf.valid_from) > now) return 'its certificate is not valid yet';
    if (days < config.certificate_days) return `${which} expires in ${days} days`;
    const wrongName = config.verify_host ? checkServerIdentity(name, leaf) : undefined;
    if (wrongName) return `its certificate is not for ${name}`;
    // Node sets a text here, whatever its types say.
    const found: unknown = config.verify_chain ? socket.authorizationError : null;
    if (!found) return null;
    const text = typeof found === 'string' ? found : (found as Error).message;
    return chainWords[text] ?? `its certificate is not trusted: ${text}`;
  }
}

export const check = defineCheck({
  type: 'tls',
  title: 'TLS certificate',
  target: ({ host, port, server_name: name }) => `${host}:${port}${name === undefined ? '' : ` (${name})`}`,
  remoteHost: (config) => remoteUnlessLoopback(config.host),
  localPort: (config) => (remoteUnlessLoopback(config.host) === null ? config.port : null),
  prepare(config, { clock }) {
    const name = config.server_name ?? config.host;
    const ca = config.ca_file;
    return {
      async look({ signal }) {
        const authorities = ca === undefined ? null : await authoritiesIn(ca, config.min_version);
        if (signal.aborted) return noAnswer();
        const begun = clock.monotonic();
        const { promise, resolve } = Promise.withResolvers<Look>();
        const socket = connect({
          host: config.host,
          port: config.port,
          minVersion: config.min_version,
          // Looked at by us, so that an untrusted certificate still tells when it expires.
          rejectUnauthorized: false,
          checkServerIdentity: () => undefined,
          ...(isIP(name) === 0 ? { servername: name } : {}),
          ...(authorities ? { secureContext: authorities.context } : {}),
        });
        const end = (look: Look) => {
          signal.removeEventListener('abort', abort);
          socket.destroy();
          resolve(look);
        };
        const abort = () => end(noAnswer());
        signal.addEventListener('abort', abort, { once: true });
        socket.once('secureConnect', () => {
          const latencyMs = clock.monotonic() - begun;
          const { problem, facts } = judge(socket, config, name, clock.now());
          end(problem === null ? { ok: true, latencyMs, facts } : unhealthy(problem, facts));
        });
        socket.on('error', (thrown) => end(failedLook(thrown, signal)));
        return promise;
      },
    };
  },
});
