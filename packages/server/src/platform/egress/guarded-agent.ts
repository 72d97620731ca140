import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import type { Agent as AgentOfUndici, buildConnector as Connectors } from 'undici';
import { FaultError } from '../../kernel/fault.ts';
import { Agent, buildConnector } from '../dial/index.ts';
import { plainHost, type PlacePolicy } from './place-policy.ts';
import { checkedAddresses, type Resolver } from './resolve-host.ts';

export interface GuardedAgentOptions {
  policy: PlacePolicy;
  resolve: Resolver;
  connectTimeoutMs: number;
}

type ConnectOptions = Parameters<Connectors.connector>[0];

const portOf = ({ port, protocol }: ConnectOptions): number =>
  Number(port) || (protocol === 'https:' ? 443 : 80);

/**
 * Connections that only lead to checked addresses. A name is resolved here, once, and the address that was checked is the one
 * that is dialled; TLS is still asked for the name. undici's own `lookup` would not be called for literals.
 */
export function createGuardedAgent({
  policy,
  resolve,
  connectTimeoutMs,
}: GuardedAgentOptions): AgentOfUndici {
  const dial = buildConnector({ timeout: connectTimeoutMs, allowH2: false });
  const attempt = (options: ConnectOptions, address: string): Promise<Socket> =>
    new Promise((settle, refuse) => {
      const name = plainHost(options.hostname);
      const { servername: _, ...rest } = options;
      const tls = options.protocol === 'https:' && isIP(name) === 0 ? { servername: name } : {};
      dial({ ...rest, hostname: address, ...tls }, (error, socket) => {
        if (error) refuse(error);
        else settle(socket);
      });
    });
  const connect = async (options: ConnectOptions): Promise<Socket> => {
    const found = await checkedAddresses(options.hostname, portOf(options), policy, resolve);
    if (!found.ok) throw new FaultError(found.fault);
    let last: unknown;
    for (const address of found.value.slice(0, 4)) {
      try {
        return await attempt(options, address);
      } catch (thrown) {
        last = thrown;
      }
    }
    throw last;
  };
  return new Agent({
    connect: (options, done) => void hand(connect(options), done),
    // Reused for a moment only: an address that was allowed may not be for ever.
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 30_000,
    connections: 16,
    pipelining: 1,
    maxHeaderSize: 32_768,
    allowH2: false,
  });
}

async function hand(connecting: Promise<Socket>, done: Connectors.Callback): Promise<void> {
  let socket: Socket;
  try {
    socket = await connecting;
  } catch (thrown) {
    done(thrown as Error, null);
    return;
  }
  done(null, socket);
}
