import { readFileSync } from 'node:fs';
import { rootCertificates, TLSSocket } from 'node:tls';
import type { Agent as AgentOfUndici, Client as ClientOfUndici, Dispatcher } from 'undici';
import { Agent, buildConnector, Client } from '../../../../platform/dial/index.ts';

/** How connections to a target are secured. */
export interface Trust {
  verify: boolean;
  /** PEM file of further authorities. */
  caFile: string | null;
}

/** The certificate of the newest connection to a place. */
export interface SeenCertificate {
  /** UTC ms. */
  validFrom: number;
  validTo: number;
  subject: string;
  issuer: string;
}

/** Connections of all HTTP checks: few, kept alive, and renewed now and then so that new addresses are noticed. */
export interface HttpClient {
  /** Connections with this trust; the same object for the same trust. Throws when the PEM file cannot be read. */
  dispatcher(trust: Trust): Dispatcher;
  certificateOf(url: URL): SeenCertificate | null;
  destroy(): Promise<void>;
}

/** A connection is used this long: a certificate that was renewed and an address that moved are seen then. */
const connectionLifeMs = 300_000;
const mostCertificates = 2000;
const mostClients = 10_000;

const placeOf = (host: string, port: string | number): string => `${host}:${String(port) || '443'}`;

interface LeanAgent {
  dispatcher: Dispatcher;
  destroy(): Promise<unknown>;
}

/**
 * One connection for each place, and more only while that one is busy: a pool costs 16 KB before it has done anything,
 * and of a thousand places nearly all are asked one thing at a time. What hangs never keeps its neighbours waiting.
 */
function leanAgent(options: AgentOfUndici.Options): LeanAgent {
  const clients = new Map<string, ClientOfUndici>();
  const lean = new Agent({
    ...options,
    factory(origin, given) {
      if (clients.size >= mostClients) clients.clear();
      const client = new Client(origin, given);
      clients.set(String(origin), client);
      return client;
    },
  });
  const crowd = new Agent({ ...options, connections: 64 });
  return {
    dispatcher: lean.compose((dispatch) => (request, handler) => {
      const busy = (clients.get(String(request.origin))?.stats.size ?? 0) > 0;
      return busy ? crowd.dispatch(request, handler) : dispatch(request, handler);
    }),
    destroy: () => Promise.all([lean.destroy(), crowd.destroy()]),
  };
}

export function createHttpClient(): HttpClient {
  const agents = new Map<string, LeanAgent>();
  const certificates = new Map<string, SeenCertificate>();

  function note(place: string, socket: TLSSocket): void {
    const { valid_from: validFrom, valid_to: validTo, subject, issuer } = socket.getPeerCertificate();
    if (!validTo) return;
    certificates.delete(place);
    const oldest = certificates.keys().next().value;
    if (certificates.size >= mostCertificates && oldest !== undefined) certificates.delete(oldest);
    const name = (of: typeof subject | undefined) => String(of?.CN ?? of?.O ?? '').slice(0, 200);
    certificates.set(place, {
      validFrom: Date.parse(validFrom),
      validTo: Date.parse(validTo),
      subject: name(subject),
      issuer: name(issuer),
    });
  }

  function createAgent({ verify, caFile }: Trust): LeanAgent {
    const connectBase = buildConnector({
      rejectUnauthorized: verify,
      ...(caFile === null ? {} : { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] }),
    });
    const options: AgentOfUndici.Options = {
      keepAliveTimeout: 60_000,
      headersTimeout: 0,
      bodyTimeout: 0,
      clientTtl: connectionLifeMs,
      connect(options, done) {
        connectBase(options, (failure, socket) => {
          if (failure) return done(failure, null);
          if (socket instanceof TLSSocket) note(placeOf(options.hostname, options.port), socket);
          return done(null, socket);
        });
      },
    };
    return leanAgent(options);
  }

  return {
    dispatcher(trust) {
      const key = `${trust.verify}:${trust.caFile ?? ''}`;
      let agent = agents.get(key);
      if (!agent) agents.set(key, (agent = createAgent(trust)));
      return agent.dispatcher;
    },
    certificateOf: ({ hostname, port }) => certificates.get(placeOf(hostname, port)) ?? null,
    async destroy() {
      const all = [...agents.values()];
      agents.clear();
      await Promise.all(all.map((agent) => agent.destroy()));
    },
  };
}
