import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { hasProc, identify, type ProcessIdentity } from './identity.ts';
import { readListening } from './listening-sockets.ts';
import { readProcStat } from './proc-stat.ts';

/** A process that holds a listening socket. */
export interface ListeningProcess {
  identity: ProcessIdentity;
  /** Short name of the program. */
  name: string;
  /** Program and arguments, cut to 2,000 characters. May hold secrets of others. */
  commandLine: string;
  /** Folder it works in; null where that is not to be seen. */
  folder: string | null;
}

/** A port on which something listens, over IPv4 or IPv6. */
export interface Listener {
  port: number;
  addresses: string[];
  processes: ListeningProcess[];
  /** Somebody listens who is not to be seen: processes of other users, or of another namespace. */
  hidden: boolean;
}

/** So many processes are looked into at a time. */
export const abreast = 16;
/** Programs that pass a port on into a container. */
const proxies = new Set(['docker-proxy', 'rootlessport', 'rootlesskit']);
export const isContainerProxy = (name: string): boolean => proxies.has(name);

const text = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

/** Inodes of the sockets that a process has open, as far as they are to be seen. */
export async function socketsOf(pid: string): Promise<string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(
    descriptors.map((descriptor) => readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')),
  );
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}

export async function describeProcess(pid: number): Promise<ListeningProcess | null> {
  const identity = identify(pid);
  const stat = readProcStat(pid);
  if (!identity || !stat) return null;
  const words = await text(`/proc/${pid}/cmdline`);
  const line = words.replaceAll('\0', ' ').trim();
  return {
    identity,
    // The short name is that of its main thread: Node calls every one `MainThread`.
    name: basename(words.split('\0')[0] ?? '') || stat.command,
    commandLine: (line || stat.command).slice(0, 2000),
    folder: await readlink(`/proc/${pid}/cwd`).catch(() => null),
  };
}

/** Ports that docker-proxy says in its arguments to hold: its sockets are root's, its arguments everybody may read. */
async function proxiedPorts(pids: readonly string[]): Promise<Map<number, number>> {
  const ports = new Map<number, number>();
  for (const pid of pids) {
    if (readProcStat(Number(pid))?.command !== 'docker-proxy') continue;
    const words = (await text(`/proc/${pid}/cmdline`)).split('\0');
    const port = Number(words[words.indexOf('-host-port') + 1]);
    if (words.includes('-host-port') && Number.isInteger(port)) ports.set(port, Number(pid));
  }
  return ports;
}

/**
 * Every port on which something listens, with the processes that hold its socket, found through the socket's inode: what is
 * only connected to the port is never among them. null: this system has no /proc and does not tell.
 */
export async function listListeners(): Promise<Listener[] | null> {
  if (!hasProc) return null;
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => text(`/proc/net/${name}`)));
  const sockets = tables.flatMap(readListening);
  const wanted = new Set(sockets.map(({ inode }) => inode));
  const holders = new Map<string, number[]>();
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (let at = 0; at < pids.length; at += abreast) {
    await Promise.all(
      pids.slice(at, at + abreast).map(async (pid) => {
        for (const inode of new Set(await socketsOf(pid)))
          if (wanted.has(inode)) holders.set(inode, [...(holders.get(inode) ?? []), Number(pid)]);
      }),
    );
  }
  const proxied = sockets.some(({ inode }) => !holders.has(inode)) ? await proxiedPorts(pids) : new Map();
  const found = new Map<number, { addresses: Set<string>; pids: Set<number>; hidden: boolean }>();
  for (const { inode, port, address } of sockets) {
    const entry = found.get(port) ?? { addresses: new Set(), pids: new Set(), hidden: false };
    found.set(port, entry);
    entry.addresses.add(address);
    const proxy: number | undefined = proxied.get(port);
    const known = holders.get(inode) ?? (proxy === undefined ? [] : [proxy]);
    for (const pid of known) entry.pids.add(pid);
    entry.hidden ||= known.length === 0;
  }
  return Promise.all(
    [...found]
      .toSorted(([a], [b]) => a - b)
      .map(async ([port, entry]) => ({
        port,
        addresses: [...entry.addresses],
        processes: (await Promise.all([...entry.pids].map(describeProcess))).filter((one) => one !== null),
        hidden: entry.hidden,
      })),
  );
}

/** The processes above this one, nearest first, as far as they can be followed. */
export function ancestors(pid: number): number[] {
  const found: number[] = [];
  for (
    let at = readProcStat(pid)?.parent ?? 0;
    at > 1 && found.length < 64;
    at = readProcStat(at)?.parent ?? 0
  )
    found.push(at);
  return found;
}
