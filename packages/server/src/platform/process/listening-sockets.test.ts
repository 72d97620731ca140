import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readAddress, readListening } from './listening-sockets.ts';

const row = (local: string, state: string, inode: number) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000 100 0 0 10 0`;

describe('the kernel’s table of sockets', () => {
  it('only sockets that listen are read; connections to the same port are not', () => {
    const table = [
      '  sl  local_address rem_address   st',
      row('0100007F:0BB8', '0A', 11),
      row('0100007F:0BB8', '01', 12),
      '',
    ];
    assert.deepEqual(readListening(table.join('\n')), [{ inode: '11', port: 3000, address: '127.0.0.1' }]);
  });

  it('addresses are written as people do, IPv6 shortened', () => {
    const words = [
      '00000000'.repeat(4),
      '00000000'.repeat(3) + '01000000',
      '0000000000000000FFFF00000100007F',
    ];
    assert.deepEqual(words.map(readAddress), ['::', '::1', '127.0.0.1']);
    assert.equal(readAddress('B80D0120000000000000000001000000'), '2001:db8::1');
  });
});
