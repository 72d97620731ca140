import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VigilesConfig } from '@vigiles/contract';
import { proposalOf } from './read-source.ts';
import { proposalView } from './show.ts';

const empty = { providers: [], routes: [], secrets: [] };
const seed = `{
  "host": "0.0.0.0",
  "port": 8765,
  "debug": false,
  "requests_per_minute": 60,
  "requests_per_hour": 1000,
  "ai_budget_daily": 10.0,
  "ai_budget_monthly": 100.0,
  "plugin_repo_enabled": true,
  "plugin_auto_update": false,
  "web_proxy_enabled": true,
  "gmail_relay_enabled": true,
  "ai_gateway_enabled": true,
  "github_webhook_secret": "marked-secret",
  "github_allowed_repo": "fredporter/uDOS-dev",
  "github_default_branch": "main",
  "github_push_enabled": false,
  "admin_api_key": "marked-key",
  "icloud_enabled": true
}`;

test('every field of a wizard.json is either taken over or named with why it is not', () => {
  const { settings, left_out: leftOut, secrets } = proposalOf(seed, 'wizard.json', empty);
  assert.deepEqual(Object.fromEntries(settings.map(({ path, value }) => [path.join('.'), value])), {
    'server.port': 8765,
    'server.debug': false,
    'limits.standard.per_minute': 60,
    'limits.standard.per_hour': 1000,
    'budgets.daily_usd': 10,
    'budgets.monthly_usd': 100,
    'plugins.enabled': true,
    'plugins.plugin_auto_update': false,
    'web.enabled': true,
    'gateway.enabled': true,
    'github.webhook.secret': '${secret:github-webhook}',
    'github.repositories': ['fredporter/uDOS-dev'],
    'github.sync.ref': 'refs/heads/main',
    'github.sync.push_enabled': false,
  });
  assert.deepEqual(secrets, [{ name: 'github-webhook', value: 'marked-secret' }]);
  assert.deepEqual(
    leftOut.map(({ line, what }) => `${line} ${what}`),
    ['2 host', '12 gmail_relay_enabled', '18 admin_api_key', '19 icloud_enabled'],
  );
  const told = settings.length + leftOut.length;
  assert.equal(told, Object.keys(JSON.parse(seed) as object).length);
});

test('what is taken over is a valid configuration, and no secret is shown', () => {
  const proposal = proposalOf(seed, 'wizard.json', empty);
  const config: Record<string, unknown> = {};
  for (const { path, value } of proposal.settings) {
    let at = config;
    for (const part of path.slice(0, -1)) at = (at[part] ??= {}) as Record<string, unknown>;
    at[path.at(-1) ?? ''] = value;
  }
  assert.deepEqual(VigilesConfig.parse(config).github.repositories, ['fredporter/uDOS-dev']);
  const view = proposalView(proposal, 'vigiles.yaml', 'wizard.json');
  assert.ok(!/marked/.test(view), view);
  assert.match(view, /\+budgets\.daily_usd: 10/);
});

test('what the earlier file says nonsense about is named, not written', () => {
  const odd =
    '{"ai_budget_daily": "much", "port": 99999, "github_default_branch": "../x y", "web_proxy_enabled": null}';
  const { settings, left_out: leftOut } = proposalOf(odd, 'wizard.json', empty);
  assert.deepEqual(settings, []);
  assert.deepEqual(leftOut.map(({ what }) => what).toSorted(), [
    'ai_budget_daily',
    'github_default_branch',
    'port',
  ]);
});

test('quotas of a wizard.json hold for every device, those of models as limits of the gateway', () => {
  const { settings, left_out: leftOut } = proposalOf(
    `{
  "port": 8765,
  "ai_budget_daily": 1,
  "quotas": {
    "ai_tokens": 100000,
    "ai_requests": { "daily": 100 },
    "email_quota": 20,
    "web_requests": { "daily": 50, "monthly": 500 },
    "bandwidth_mb": 12.5,
    "storage_mb": 64,
    "faxes": 3
  }
}`,
    'wizard.json',
    empty,
  );
  const found = Object.fromEntries(settings.map(({ path, value }) => [path.join('.'), value]));
  assert.deepEqual(found, {
    'server.port': 8765,
    'budgets.daily_usd': 1,
    'quotas.devices.*.email_quota': { daily: 20 },
    'quotas.devices.*.web_requests': { daily: 50, monthly: 500 },
    'quotas.devices.*.bandwidth_mb': { daily: 12.5 },
    'quotas.devices.*.storage_mb': 64,
    'gateway.limits': [{ device: '*', tokens_per_day: 100_000, requests_per_day: 100 }],
  });
  assert.deepEqual(
    leftOut.map(({ line, what }) => `${line} ${what}`),
    ['11 faxes'],
  );
});
