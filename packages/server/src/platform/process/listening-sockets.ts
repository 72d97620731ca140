/** A socket that listens on TCP. */
export interface ListeningSocket {
  inode: string;
  port: number;
  address: string;
}

const words = (hex: string): string[] => hex.match(/.{8}/g) ?? [];
/** The kernel prints each 32-bit word in the byte order of the machine: little-endian on all that Node runs on but s390x. */
const bytes = (word: string): string[] => (word.match(/../g) ?? []).toReversed();

/** An address of `/proc/net/tcp` (8 hex digits) or `tcp6` (32), as people write it. IPv4 within IPv6 is written as IPv4. */
export function readAddress(hex: string): string {
  if (hex.length === 8)
    return bytes(hex)
      .map((byte) => Number.parseInt(byte, 16))
      .join('.');
  const [first = '', second = '', third = '', last = ''] = words(hex);
  if (/^0+$/.test(first + second) && third === 'FFFF0000') return readAddress(last);
  const groups = [first, second, third, last].flatMap((word) => {
    const [a = '', b = '', c = '', d = ''] = bytes(word);
    return [a + b, c + d].map((group) => Number.parseInt(group, 16).toString(16));
  });
  const zeros = /(^|:)0(:0)+(:|$)/.exec(groups.join(':'));
  return zeros ? groups.join(':').replace(zeros[0], '::') : groups.join(':');
}

/** A connection as the machine knows it: one port may lead to several places. */
export interface Connection {
  /** Where it comes from. */
  address: string;
  port: number;
  toPort: number;
}

/** The inode of the socket that a connection comes from; null: there is none. State 01 is ESTABLISHED. */
export function connectedFrom(table: string, { address, port, toPort }: Connection): string | null {
  for (const line of table.split('\n')) {
    const columns = line.trim().split(/\s+/);
    const [local = '', localPort = ''] = (columns[1] ?? '').split(':');
    const [, remotePort = ''] = (columns[2] ?? '').split(':');
    const inode = columns[9];
    if (columns[3] !== '01' || inode === undefined || inode === '0') continue;
    if (Number.parseInt(localPort, 16) !== port || Number.parseInt(remotePort, 16) !== toPort) continue;
    if (readAddress(local) === address) return inode;
  }
  return null;
}

/** The listening sockets of a table of proc_net_tcp(5): state 0A is LISTEN. Connections, also those to these ports, are left out. */
export function readListening(table: string): ListeningSocket[] {
  return table.split('\n').flatMap((line) => {
    const columns = line.trim().split(/\s+/);
    const [address = '', port] = (columns[1] ?? '').split(':');
    const inode = columns[9];
    if (columns[3] !== '0A' || port === undefined || inode === undefined) return [];
    return [{ inode, port: Number.parseInt(port, 16), address: readAddress(address) }];
  });
}
