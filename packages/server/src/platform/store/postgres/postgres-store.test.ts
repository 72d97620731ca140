import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { describe, it } from 'node:test';
import { FaultError } from '../../../kernel/fault.ts';
import { silentLog } from '../../../kernel/log.ts';
import { createStore, isStoreFault } from '../index.ts';

const open = (url: string) => createStore({ url, home: tmpdir(), migrations: {}, log: silentLog });

describe('a PostgreSQL store', () => {
  it('that cannot be reached is one clear fault without the password', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await assert.rejects(open(`postgres://vigiles:s3cret@127.0.0.1:${port}/db`), (thrown) => {
      assert.ok(thrown instanceof FaultError && isStoreFault(thrown, 'store_unavailable'));
      assert.match(thrown.message, new RegExp(`127\\.0\\.0\\.1:${port}/db`));
      assert.doesNotMatch(JSON.stringify(thrown.fault.details) + thrown.message, /s3cret/);
      return true;
    });
  });

  it('with a URL that is none is refused', async () => {
    await assert.rejects(open('postgres://host:not-a-port/db'), (thrown) =>
      isStoreFault(thrown, 'store_bad_url'),
    );
  });
});
