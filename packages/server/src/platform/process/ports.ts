import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { hasProc, identify, isAlive, type ProcessIdentity } from './identity.ts';

/** Inodes of the sockets that listen on a TCP port; column layout of proc_net_tcp: state 0A is LISTEN. */
function listeningInodes(port: number): Set<string> {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const found = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    let text = '';
    try {
      text = readFileSync(table, 'utf8');
    } catch {
      continue;
    }
    for (const line of text.split('\n')) {
      // A busy machine has thousands of connections.
      if (!line.includes(hex)) continue;
      const columns = line.trim().split(/\s+/);
      if (columns[3] === '0A' && columns[1]?.endsWith(hex) && columns[9]) found.add(columns[9]);
    }
  }
  return found;
}

/** Whether something on this machine listens on the port. Nothing is sent to it where /proc can tell. */
export async function isPortBound(port: number): Promise<boolean> {
  if (hasProc) return listeningInodes(port).size > 0;
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 300 });
    const end = (bound: boolean) => {
      socket.destroy();
      resolve(bound);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

/** Who holds the port, as far as we may see: processes of other users stay hidden. Empty without /proc. */
export function portHolders(port: number): ProcessIdentity[] {
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return [];
  const holders: ProcessIdentity[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    if (holdsSocket(name, inodes)) holders.push(...(identify(Number(name)) ? [identify(Number(name))!] : []));
  }
  return holders;
}

/** Whether exactly this process runs and listens on the port now. False without /proc. */
export const holdsPort = (identity: ProcessIdentity, port: number): boolean =>
  holdsSocket(String(identity.pid), listeningInodes(port)) && isAlive(identity);

function holdsSocket(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    return false;
  }
}
