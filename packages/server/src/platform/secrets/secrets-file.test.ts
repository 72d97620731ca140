import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FaultError } from '../../kernel/fault.ts';
import { createRedactor, openSecrets } from './index.ts';

const homes: string[] = [];
after(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});
const newHome = () => {
  const home = mkdtempSync(join(tmpdir(), 'vigiles-secrets-'));
  homes.push(home);
  return home;
};
const open = (home: string, passphrase?: string) =>
  openSecrets({ home, passphrase, redactor: createRedactor() });
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof FaultError) return thrown.fault.code;
    throw thrown;
  }
  return 'none';
};

test('a secret is kept, listed by name and found by another process at once', async () => {
  const home = newHome();
  const [one, other] = [open(home), open(home)];
  assert.deepEqual(one.list(), []);
  await one.set('openai', 'marked-value-1');
  assert.equal(other.get('openai'), 'marked-value-1');
  await other.set('openai', 'marked-value-2');
  assert.equal(one.get('openai'), 'marked-value-2');
  assert.deepEqual(one.list(), ['openai']);
  assert.equal(await one.remove('openai'), true);
  assert.equal(await one.remove('openai'), false);
  assert.equal(other.get('openai'), undefined);
});

test('file and key are for the owner only, and the value is not readable in them', async () => {
  const home = newHome();
  await open(home).set('a', 'marked-value');
  for (const name of ['secrets.enc', 'secret.key']) {
    assert.equal(statSync(join(home, name)).mode & 0o777, 0o600);
    assert.ok(!readFileSync(join(home, name), 'latin1').includes('marked-value'));
  }
});

test('secrets set at the same time are all kept', async () => {
  const home = newHome();
  await Promise.all(Array.from({ length: 8 }, (_, i) => open(home).set(`s${i}`, `value-${i}`)));
  assert.equal(open(home).list().length, 8);
});

test('a wrong key, a missing key and a damaged file are told apart from an empty one, and nothing is overwritten', async () => {
  const home = newHome();
  await open(home).set('a', 'marked-value');
  const [file, key] = [join(home, 'secrets.enc'), join(home, 'secret.key')];
  const [content, rightKey] = [readFileSync(file), readFileSync(key)];

  writeFileSync(key, `${'0'.repeat(64)}\n`);
  assert.equal(
    codeOf(() => open(home).get('a')),
    'secrets_undecryptable',
  );
  await assert.rejects(open(home).set('b', 'x'), FaultError);
  assert.deepEqual(readFileSync(file), content);

  rmSync(key);
  assert.equal(
    codeOf(() => open(home).get('a')),
    'secret_key_missing',
  );
  writeFileSync(key, 'short');
  assert.equal(
    codeOf(() => open(home).get('a')),
    'secret_key_broken',
  );

  writeFileSync(key, rightKey);
  writeFileSync(file, content.toString().slice(0, -20));
  assert.equal(
    codeOf(() => open(home).get('a')),
    'secrets_corrupt',
  );
  const sealed = JSON.parse(content.toString()) as { data: string };
  const bytes = Buffer.from(sealed.data, 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  writeFileSync(file, JSON.stringify({ ...sealed, data: bytes.toString('base64') }));
  assert.equal(
    codeOf(() => open(home).get('a')),
    'secrets_undecryptable',
  );
});

test('a passphrase locks the file without a key file; a wrong or missing one does not open it', async () => {
  const home = newHome();
  await open(home, 'correct horse').set('a', 'marked-value');
  assert.equal(open(home, 'correct horse').get('a'), 'marked-value');
  assert.equal(
    codeOf(() => open(home, 'wrong').get('a')),
    'secrets_undecryptable',
  );
  assert.equal(
    codeOf(() => open(home).get('a')),
    'secret_passphrase_missing',
  );
  assert.throws(() => statSync(join(home, 'secret.key')));
});

test('names that could not stand in a reference are refused', async () => {
  for (const name of ['', 'a b', '../x', '}', '__proto__'])
    await assert.rejects(open(newHome()).set(name, 'value'), FaultError);
});
