import { createSocket } from 'node:dgram';

/** One answer: type number (RFC 1035, 3.2.2) and its data, already encoded. */
interface Answer {
  type: number;
  data: Buffer;
}

/** A name in the wire format: length and letters of each label. */
export const dnsName = (name: string): Buffer =>
  Buffer.concat([
    ...name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);

export const dnsType = { A: 1, MX: 15, TXT: 16 } as const;

/** What a zone answers: records, or a response code (2 server failure, 3 no such name, 5 refused), or silence. */
export type Zone = (name: string, type: number) => Answer[] | number | null;

/** A small name server on loopback: one question, answers for it, as RFC 1035 has it. */
export async function startNameServer(zone: Zone): Promise<{ port: number; close(): void }> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += length + 1;
    }
    const type = query.readUInt16BE(at + 1);
    const question = query.subarray(12, at + 5);
    const found = zone(labels.join('.').toLowerCase(), type);
    if (found === null) return;
    const answers = typeof found === 'number' ? [] : found;
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | (typeof found === 'number' ? found : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    const records = answers.map(({ type: kind, data }) => {
      const fixed = Buffer.alloc(12);
      // A pointer to the name of the question.
      fixed.writeUInt16BE(0xc00c, 0);
      fixed.writeUInt16BE(kind, 2);
      fixed.writeUInt16BE(1, 4);
      fixed.writeUInt32BE(60, 6);
      fixed.writeUInt16BE(data.length, 10);
      return Buffer.concat([fixed, data]);
    });
    socket.send(Buffer.concat([header, question, ...records]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, close: () => void socket.close() };
}
