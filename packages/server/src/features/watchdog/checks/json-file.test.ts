import assert from 'node:assert/strict';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { look, reasonOf, tempFolder } from '../testing/check-rig.ts';

const folder = tempFolder();
const path = join(folder, 'state.json');
const write = (text: string) => writeFileSync(path, text);
const file = (more: object = {}) => look({ type: 'json_file', file: path, ...more });

it('holds what is expected, and shows what stands there', async () => {
  write(
    JSON.stringify({
      workers: [{ state: 'idle' }, { state: 'busy' }],
      token: { expires_at: '2001-01-01T00:00:00Z' },
    }),
  );
  const good = await file({
    json: [
      { path: 'workers[*].state', is: 'one_of', value: ['idle', 'busy'] },
      { path: 'workers.length', is: 'at_least', value: 2 },
    ],
  });
  assert.ok(good.ok, JSON.stringify(good));
  assert.deepEqual([good.facts?.['workers[*].state'], good.facts?.['workers.length']], ['idle', 2]);
  const expired = await file({ json: [{ path: '..expires_at', is: 'future' }] });
  assert.match(reasonOf(expired), /is not in the future \(it is “2001-/);
});

it('fails when it was not written for too long', async () => {
  write('{}');
  assert.ok((await file({ max_age_s: 60 })).ok);
  utimesSync(path, new Date(), new Date(Date.now() - 120_000));
  assert.match(reasonOf(await file({ max_age_s: 60 })), /it was last written 1(19|20) s ago/);
});

it('reads a file that is just being written once more', async () => {
  write('{"a":');
  const looking = file({ json: [{ path: 'a', value: 1 }] });
  setTimeout(() => write('{"a":1}'), 10);
  assert.ok((await looking).ok);
  write('{"a":');
  assert.equal(reasonOf(await file()), 'it is not JSON');
});

it('says what a missing file means, and that a folder is none', async () => {
  const absent = join(folder, 'absent.json');
  assert.equal(reasonOf(await look({ type: 'json_file', file: absent })), 'there is no such file');
  assert.ok((await look({ type: 'json_file', file: absent, missing: 'passes' })).ok);
  assert.match(reasonOf(await look({ type: 'json_file', file: folder })), /ENOTFILE|no regular file/);
});

it('names a path or a pattern that cannot work', async () => {
  assert.match(reasonOf(await file({ json: [{ path: 'a[', value: 1 }] })), /not a path into JSON/);
  assert.match(reasonOf(await file({ json: [{ path: 'a', is: 'below' }] })), /below needs a value/);
});
