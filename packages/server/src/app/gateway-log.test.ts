import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFileLog } from '../platform/log/index.ts';
import { createRedactor, openSecrets } from '../platform/secrets/index.ts';
import { startGateway } from './gateway.ts';

test('a secret that the gateway resolves never stands in its log', async () => {
  const home = await mkdtemp(join(tmpdir(), 'vigiles-gateway-log-'));
  const secret = 'marked.value.of.a.provider';
  await openSecrets({ home, passphrase: undefined, redactor: createRedactor() }).set('key', secret);
  await writeFile(
    join(home, 'vigiles.yaml'),
    'gateway:\n  port: 0\n  discover_local: false\n  providers:\n' +
      '    - { id: mock, type: openai-compatible, base_url: "http://127.0.0.1:1/v1", api_key: "${secret:key}", models: [m] }\n',
  );
  const redactor = createRedactor();
  const sink = createFileLog({ home, level: 'info', keep: { days: 1 }, redactor, name: 'gateway' });
  try {
    const gateway = await startGateway({ home, env: {}, log: sink.log, redactor });
    sink.log.error({ err: new Error(`refused: ${secret}`) }, 'a provider repeated its key');
    await gateway.stop();
    sink.close();
    const files = await readdir(join(home, 'logs'));
    const texts = await Promise.all(files.map((file) => readFile(join(home, 'logs', file), 'utf8')));
    assert.match(texts.join(''), /a provider repeated its key/);
    assert.doesNotMatch(texts.join(''), /marked\.value/);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
