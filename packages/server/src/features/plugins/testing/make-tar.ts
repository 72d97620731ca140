import { gzipSync } from 'node:zlib';

/** An entry of a hostile archive: whatever a header can hold, written as it is told. */
export interface RawEntry {
  name: string;
  /** Default: a file. */
  type?: string;
  content?: string | Buffer;
  link?: string;
  /** The size that the header claims; default: that of the content. */
  size?: number;
  prefix?: string;
  checksum?: number;
}

const block = 512;

/** Bytes of an entry, header and content, padded. */
export function rawEntry({
  name,
  type = '0',
  content = '',
  link = '',
  prefix = '',
  ...more
}: RawEntry): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(block);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${(more.size ?? body.length).toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write('ustar\0', 257, 'latin1');
  header.write('00', 263);
  header.write(prefix, 345, 155);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${(more.checksum ?? sum).toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, body, Buffer.alloc((block - (body.length % block)) % block)]);
}

/** An extended header that renames what follows. */
export function paxEntry(records: Readonly<Record<string, string>>): Buffer {
  const content = Object.entries(records)
    .map(([key, value]) => {
      const rest = Buffer.byteLength(` ${key}=${value}\n`);
      let length = rest + 1;
      while (String(length).length + rest !== length) length = String(length).length + rest;
      return `${length} ${key}=${value}\n`;
    })
    .join('');
  return rawEntry({ name: 'pax', type: 'x', content });
}

export const endOfTar: Buffer = Buffer.alloc(2 * block);

/** A manifest that is good but for what is said. */
export const manifestWith = (more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id: 'disk-watch',
  name: 'Disk watch',
  version: '1.0.0',
  description: 'Tells when a disk fills up.',
  license: 'MIT',
  author: 'Ada',
  engine: '*',
  provides: [{ kind: 'check', name: 'disk_full' }],
  main: 'main.js',
  ...more,
});

/** The two files that every package has. */
export const goodFiles = (more: Readonly<Record<string, unknown>> = {}): Buffer[] => [
  rawEntry({ name: 'plugin.json', content: JSON.stringify(manifestWith(more)) }),
  rawEntry({ name: 'main.js', content: 'export {};\n' }),
];

/** A package of these parts. */
export const packageOf = (...parts: readonly Buffer[]): Buffer =>
  gzipSync(Buffer.concat([...parts, endOfTar]));
