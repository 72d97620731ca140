import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import module, { registerHooks, syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import v8 from 'node:v8';
import { faceSource } from './face.ts';

/** Ways to the network or around the permission model of Node 24, which knows neither sockets nor databases nor signals. */
const closed = new Set(
  (
    'net tls http https http2 dgram dns dns/promises inspector inspector/promises cluster repl wasi sqlite ' +
    'trace_events worker_threads'
  ).split(' '),
);

/** What authors import their face from; it is made here, so that a plugin needs no installed package. */
const faceName = '@vigiles/sdk/plugin';
const faceUrl = 'vigiles:plugin';

class Fenced extends Error {
  readonly code = 'ERR_ACCESS_DENIED';
}

/** A function that refuses, also as a constructor. */
const refuse = (what: string) =>
  function refused(): never {
    throw new Fenced(
      `${what} is not for plugins: there is \`context.fetch\`, and what the manifest asks for.`,
    );
  };

const bare = (name: string): string => name.replace(/^node:/, '');

/** Replaces a property for good; nothing where there is none. */
function close(owner: object, names: readonly string[], what: string): void {
  for (const name of names) {
    if (!(name in owner)) continue;
    Object.defineProperty(owner, name, { value: refuse(what), writable: false, configurable: false });
  }
}

/** The native classes beneath every socket: with these closed it does not matter how somebody got hold of a socket. */
function closeHandles(pipe: object): void {
  const socket = new net.Socket();
  socket.on('error', () => undefined);
  // A connection to an address makes its handle at once and connects with the next turn: it is gone by then.
  socket.connect({ host: '127.0.0.1', port: 1 });
  const tcp = (socket as unknown as { _handle: object })._handle;
  const verbs = ['open', 'bind', 'bind6', 'listen', 'connect', 'connect6'];
  close(Object.getPrototypeOf(tcp) as object, verbs, 'The network');
  socket.destroy();
  close(Object.getPrototypeOf(pipe) as object, verbs, 'A socket of another program');
  const udp = dgram.createSocket('udp4');
  for (const symbol of Object.getOwnPropertySymbols(udp)) {
    const state = (udp as unknown as Record<symbol, { handle?: object } | undefined>)[symbol];
    if (!state?.handle) continue;
    const more = ['send', 'send6', 'addMembership', 'recvStart'];
    close(Object.getPrototypeOf(state.handle) as object, [...verbs, ...more], 'The network');
  }
  udp.close();
}

/**
 * Closes what Node's permission model leaves open. A fence, not a wall: Node says of its own permission model that it does not
 * hold against code that is out to break it, and nor does this. Where the system lets us, the network is also closed by the
 * kernel (see `spawn-plugin.ts`).
 * @param pipe handle of the socket to control, the only one there will be
 */
export function raiseFence(pipe: object, allowed: { processes: boolean }): void {
  const shut = new Set([...closed, ...(allowed.processes ? [] : ['child_process'])]);
  const isShut = (name: string): boolean => shut.has(bare(name)) || /^_(?:http|tls)/.test(bare(name));
  // Opened with their first use otherwise, which would come too late.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  closeHandles(pipe);
  close(
    process,
    ['kill', '_kill', '_debugProcess', '_debugEnd', 'execve', 'dlopen', 'binding', '_linkedBinding'],
    'That',
  );
  close(process, ['_getActiveHandles', '_getActiveRequests'], 'That');
  close(v8, ['setFlagsFromString', 'startupSnapshot'], 'That');
  if (!allowed.processes) close(childProcess, Object.keys(childProcess), 'Starting processes');
  const builtin = process.getBuiltinModule.bind(process);
  Object.defineProperty(process, 'getBuiltinModule', {
    value: (name: string) => (isShut(name) ? refuse(`The module ${name}`)() : builtin(name as 'node:fs')),
  });
  for (const name of ['WebSocket', 'EventSource', 'fetch']) {
    Object.defineProperty(globalThis, name, { value: refuse(`\`${name}\``) });
  }
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === faceName) return { url: faceUrl, format: 'module', shortCircuit: true };
      if (isShut(specifier)) return refuse(`The module ${specifier}`)();
      return next(specifier, context);
    },
    load(url, context, next) {
      if (url === faceUrl) return { format: 'module', source: faceSource, shortCircuit: true };
      return next(url, context);
    },
  });
  const load = (module as unknown as { _load(request: string, ...rest: unknown[]): unknown })._load;
  Object.defineProperty(module, '_load', {
    value: (request: string, ...rest: unknown[]) =>
      isShut(request) ? refuse(`The module ${request}`)() : load(request, ...rest),
  });
  close(module, ['registerHooks', 'register', '_initPaths', 'enableCompileCache'], 'That');
  syncBuiltinESMExports();
}
