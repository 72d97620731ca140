import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../platform/config/index.ts';
import { createRedactor, openSecrets } from '../platform/secrets/index.ts';
import { serviceEnvironment } from './service-environment.ts';

test('references in the environment of a service become values; a missing one is named, without its neighbours', async () => {
  const home = await mkdtemp(join(tmpdir(), 'vigiles-env-'));
  try {
    const redactor = createRedactor();
    const secrets = openSecrets({ home, passphrase: undefined, redactor });
    await secrets.set('tok', 'a-marked-secret');
    const loaded = await loadConfig({ home, env: { REGION: 'north' }, redactor, secrets });
    assert.ok(loaded.ok);
    const env = { TOKEN: '${secret:tok}', WHERE: 'in ${env:REGION}', PLAIN: 'as it is' };
    assert.deepEqual(serviceEnvironment(env, loaded.value), {
      TOKEN: 'a-marked-secret',
      WHERE: 'in north',
      PLAIN: 'as it is',
    });
    assert.throws(
      () => serviceEnvironment({ ...env, OTHER: '${secret:none}' }, loaded.value),
      /^Error: OTHER needs the secret “none”, which does not exist$/,
    );
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
