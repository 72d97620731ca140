import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../platform/config/index.ts';
import { createRedactor, openSecrets } from '../platform/secrets/index.ts';
import { silentLog } from '../kernel/log.ts';
import { resolvedGateway } from './gateway-config.ts';
import { configuredRefreshTokens } from './refresh-tokens.ts';

test('OAuth, AWS and Google references are resolved, and a replaced refresh token goes into its secret', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'vigiles-refresh-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  const redactor = createRedactor();
  const secrets = openSecrets({ home, passphrase: undefined, redactor });
  await secrets.set('rt', 'refresh-token-one');
  await writeFile(
    join(home, 'vigiles.yaml'),
    [
      'gateway:',
      '  providers:',
      '    - id: kept',
      '      type: openai-compatible',
      '      base_url: http://127.0.0.1:1/v1',
      '      oauth: { token_url: "http://127.0.0.1:1/t", client_id: "${env:CID}", client_secret: "${env:CS}", refresh_token: "${secret:rt}" }',
      '    - id: lost',
      '      type: openai-compatible',
      '      base_url: http://127.0.0.1:1/v1',
      '      oauth: { token_url: "http://127.0.0.1:1/t", client_id: c, refresh_token: "${env:RT}" }',
      '    - { id: aws, type: bedrock, region: eu-central-1, aws: { access_key_id: "${env:CID}", secret_access_key: "${env:CS}" } }',
      '    - { id: vertex, type: vertex, region: global, project: p, google: "${secret:rt}" }',
      '    - { id: literal, type: bedrock, region: eu-central-1, aws: { access_key_id: a, secret_access_key: literal-aws-secret } }',
    ].join('\n'),
  );
  const env = { CID: 'client-id', CS: 'client-secret-value', RT: 'rt-env' };
  const loaded = await loadConfig({ home, env, redactor, secrets });
  assert.ok(loaded.ok, JSON.stringify(loaded));
  const configuration = loaded.value;
  const [kept, lost, aws, vertex] = resolvedGateway(configuration, silentLog).providers;
  assert.deepEqual(kept?.oauth, {
    token_url: 'http://127.0.0.1:1/t',
    client_id: 'client-id',
    client_secret: 'client-secret-value',
    refresh_token: 'refresh-token-one',
    client_auth: 'body',
  });
  assert.equal(lost?.oauth?.refresh_token, 'rt-env');
  assert.deepEqual(aws?.aws, { access_key_id: 'client-id', secret_access_key: 'client-secret-value' });
  assert.equal(vertex?.google, 'refresh-token-one');

  const shown = JSON.stringify(configuration.describe());
  assert.ok(shown.includes('${secret:rt}') && !shown.includes('literal-aws-secret'));
  assert.equal(redactor.text('x literal-aws-secret y'), 'x [redacted] y');

  const tokens = configuredRefreshTokens(configuration, secrets);
  assert.equal(await tokens.keep('kept', 'refresh-token-two'), true);
  assert.equal(tokens.current('kept'), 'refresh-token-two');
  assert.equal(openSecrets({ home, passphrase: undefined, redactor }).get('rt'), 'refresh-token-two');
  assert.equal(await tokens.keep('lost', 'x'), false);
  assert.equal(await tokens.keep('nobody', 'x'), false);
});
