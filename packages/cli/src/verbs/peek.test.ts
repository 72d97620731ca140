import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startTestControl } from '../../../server/src/testing/test-control.ts';
import { pointAt, runHere } from '../testing/run-here.ts';

const site = createServer((request, response) => {
  const status = request.url === '/gone' ? 410 : 200;
  response.writeHead(status, { 'content-type': 'text/plain' }).end('one\ttwo\n\u001B[2Jthree\u202E');
});
await new Promise<void>((done) => void site.listen(0, '127.0.0.1', done));
const { port } = site.address() as AddressInfo;
const control = await startTestControl({ yaml: `egress: { allow_private_asked: ["127.0.0.1:${port}"] }` });
const home = mkdtempSync(join(tmpdir(), 'vigiles-peek-'));
pointAt(home, control.url, control.admin);
after(async () => {
  await control.close();
  rmSync(home, { recursive: true, force: true });
  site.closeAllConnections();
  await new Promise((done) => void site.close(done));
});

test('a page is shown without what would steer the terminal, saved as it is, and its failure has an exit code', async () => {
  const page = `http://127.0.0.1:${port}/page`;
  const shown = await runHere('peek', page, '--home', home);
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /one {4}two\nthree\n/);
  const file = join(home, 'page.txt');
  const saved = await runHere('peek', page, '--save', file, '--home', home);
  assert.deepEqual([saved.code, readFileSync(file, 'utf8')], [0, 'one\ttwo\n\u001B[2Jthree\u202E']);
  const gone = await runHere('peek', `http://127.0.0.1:${port}/gone`, '--home', home);
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /410/);
});
