import { readdir, readFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { hasProc } from './identity.ts';
import { abreast, describeProcess, socketsOf, type ListeningProcess } from './listeners.ts';
import { connectedFrom, type Connection } from './listening-sockets.ts';

/** Addresses as `/proc/net/tcp6` is read: IPv4 within IPv6 is written as IPv4. */
const plain = (address: string): string => {
  const inner = address.replace(/^::ffff:/i, '');
  return isIPv4(inner) ? inner : address;
};

/**
 * The process of this machine at the other end of a connection, found through its socket's inode. Null: it is elsewhere, of
 * another user or namespace, gone, or this system does not tell. What it says of itself is its own word.
 */
export async function findPeer({ address, port, toPort }: Connection): Promise<ListeningProcess | null> {
  const from = plain(address);
  if (!hasProc || port === 0 || !(from.startsWith('127.') || from === '::1')) return null;
  let inode: string | null = null;
  for (const name of ['tcp', 'tcp6']) {
    const table = await readFile(`/proc/net/${name}`, 'utf8').catch(() => '');
    inode ??= connectedFrom(table, { address: from, port, toPort });
  }
  if (inode === null) return null;
  const wanted = inode;
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (let at = 0; at < pids.length; at += abreast) {
    const holders = await Promise.all(
      pids.slice(at, at + abreast).map(async (pid) => ((await socketsOf(pid)).includes(wanted) ? pid : null)),
    );
    const pid = holders.find((holder) => holder !== null);
    if (pid) return describeProcess(Number(pid));
  }
  return null;
}
