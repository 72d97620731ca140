import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startMysql, type MysqlServer } from '../../../testing/mysql.ts';
import { startPostgres, type PostgresServer } from '../../../testing/postgres.ts';
import { startRedis, type RedisServer } from '../../../testing/redis.ts';
import { createStore } from '../../../platform/store/index.ts';
import { silentLog } from '../../../kernel/log.ts';
import { look, reasonOf, tempFolder } from '../testing/check-rig.ts';

const sql = (url: string, more: object = {}, secrets: Record<string, string> = {}) =>
  look(
    { type: 'sql', url, ...more },
    {
      resolve: (text) =>
        text.replaceAll(/\$\{secret:(\w+)\}/g, (_whole, name: string) => secrets[name] ?? ''),
    },
  );

/** A port that takes connections and never says a word. */
const mute = createServer((socket) => void socket.on('error', () => undefined));
let mutePort = 0;
before(async () => {
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  ({ port: mutePort } = mute.address() as AddressInfo);
});
after(() => mute.close());

for (const scheme of ['postgres', 'mysql', 'redis']) {
  it(`${scheme}: a server that says nothing is told from one that is not there`, async () => {
    const silent = await sql(`${scheme}://u@127.0.0.1:${mutePort}/x`, { timeout_s: 0.3 });
    assert.deepEqual([silent.ok, !silent.ok && silent.timedOut], [false, true], JSON.stringify(silent));
    assert.match(reasonOf(await sql(`${scheme}://u@127.0.0.1:1/x`)), /ECONNREFUSED/);
  });
}

describe('PostgreSQL', () => {
  let server: PostgresServer;
  before(async () => void (server = await startPostgres()));
  after(() => server.stop());

  it('connects, asks, and judges the first value', async () => {
    assert.deepEqual((await sql(server.url)).facts, {});
    const counted = await sql(server.url, { query: 'select 41 + 1 as answer, 2', expect: '42' });
    assert.deepEqual([counted.ok, counted.facts], [true, { value: '42' }]);
    assert.equal(
      reasonOf(await sql(server.url, { query: 'select 7', at_most: 5 })),
      'it answered “7”, not at most 5',
    );
    assert.equal(
      reasonOf(await sql(server.url, { query: 'select null', expect: '1' })),
      'it answered nothing instead of “1”',
    );
    assert.match(
      reasonOf(await sql(server.url, { query: 'select * from nothing' })),
      /relation "nothing" does not exist/,
    );
    const slow = await sql(server.url, { query: 'select pg_sleep(30)', timeout_s: 0.3 });
    assert.equal(!slow.ok && slow.timedOut, true);
  });

  it('says which database is missing', async () => {
    const url = new URL(server.url);
    url.pathname = '/nowhere';
    assert.match(reasonOf(await sql(url.href)), /database "nowhere" does not exist/);
  });
});

describe('MySQL', () => {
  let server: MysqlServer | null;
  before(async () => void (server = await startMysql()));
  after(() => server?.stop());

  it('connects with a password full of signs, asks, and judges', async () => {
    if (!server) return;
    const url = `mysql://\${secret:user}:\${secret:pw}@127.0.0.1:${server.port}/mysql`;
    const secrets = { user: server.user, pw: server.password };
    const found = await sql(
      url,
      { query: "select count(*) from user where user = 'watch'", expect: '1' },
      secrets,
    );
    assert.ok(found.ok, JSON.stringify(found));
    const wrong = await sql(url, {}, { ...secrets, pw: 'not-the-password' });
    assert.match(reasonOf(wrong), /Access denied/);
    assert.ok(!reasonOf(wrong).includes('not-the-password'));
    const slow = await sql(url, { query: 'select sleep(30)', timeout_s: 0.3 }, secrets);
    assert.equal(!slow.ok && slow.timedOut, true);
  });
});

describe('Redis', () => {
  let server: RedisServer | null;
  before(async () => void (server = await startRedis()));
  after(() => server?.stop());

  it('pings, and runs a command', async () => {
    if (!server) return;
    assert.ok((await sql(server.url)).ok);
    assert.equal((await sql(server.url, { query: 'ECHO "two words"' })).facts?.['value'], 'two words');
    assert.equal(
      reasonOf(await sql(server.url, { query: 'LLEN queue', at_least: 1 })),
      'it answered “0”, not at least 1',
    );
    assert.match(reasonOf(await sql(server.url, { query: 'NOSUCH' })), /unknown command/);
  });
});

describe('SQLite', () => {
  it('reads a real file, and neither makes nor changes one', async () => {
    const home = tempFolder();
    const store = await createStore({ home, migrations: {}, log: silentLog });
    await store.close();
    const url = `sqlite:${join(home, 'vigiles.db')}`;
    assert.ok((await sql(url)).ok, JSON.stringify(await sql(url)));
    assert.equal((await sql(url, { query: 'select 40 + 2' })).facts?.['value'], '42');
    assert.match(reasonOf(await sql(url, { query: 'create table x (y)' })), /readonly|read-only/);
    assert.equal(reasonOf(await sql(`sqlite:${join(home, 'none.db')}`)), 'there is no such file');
    writeFileSync(join(home, 'text.db'), 'not a database at all, only some text in a file. '.repeat(40));
    assert.match(reasonOf(await sql(`sqlite:${join(home, 'text.db')}`)), /not a database/);
  });

  it('ends a statement that takes too long', async () => {
    const home = tempFolder();
    await (await createStore({ home, migrations: {}, log: silentLog })).close();
    const endless = 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n';
    const found = await sql(`sqlite:${join(home, 'vigiles.db')}`, { query: endless, timeout_s: 0.5 });
    assert.equal(!found.ok && found.timedOut, true, JSON.stringify(found));
  });
});
