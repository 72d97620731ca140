import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { CliError } from '../exit-codes.ts';
import type { Existing } from './draft-book.ts';
import { proposalOf } from './read-source.ts';
import { proposalView } from './show.ts';
import { claudeCodeRouter, launcherEndpoints, litellm } from './testing/sources.ts';
import { importableTypes } from './vendors.ts';

const empty: Existing = { providers: [], routes: [], secrets: [] };
const lines = (text: string, path: string, existing = empty) =>
  proposalOf(text, path, existing).left_out.map(({ line, what }) => `${line} ${what}`);

test('a LiteLLM config.yaml becomes providers, routes and a list of what has no place', () => {
  const proposal = proposalOf(litellm, 'config.yaml', empty);
  assert.deepEqual(proposal.providers, [
    { id: 'openai', type: 'openai', api_key: '${env:OPENAI_API_KEY}', models: ['gpt-5.5', 'gpt-5.5-mini'] },
    {
      id: 'anthropic',
      type: 'anthropic',
      api_key: '${secret:anthropic}',
      headers: { 'anthropic-beta': 'context-1m-2025-08-07' },
      models: ['claude-sonnet-4-5'],
    },
    {
      id: 'openai-2',
      type: 'openai-compatible',
      base_url: 'http://10.0.0.5:8000/v1',
      models: ['Qwen/Qwen3-Coder'],
    },
    { id: 'ollama-chat', type: 'ollama', base_url: 'http://10.0.0.6:11434/v1', models: ['llama3.3'] },
    { id: 'groq', type: 'groq', api_key: '${env:GROQ_API_KEY}' },
    {
      id: 'azure',
      type: 'azure-openai',
      base_url: 'https://example.openai.azure.com',
      api_key: '${env:AZURE_API_KEY}',
      api_version: '2025-01-01',
      models: ['my-deployment'],
    },
  ]);
  assert.deepEqual(proposal.routes, [
    {
      model: 'smart',
      candidates: [
        { provider: 'openai', model: 'gpt-5.5' },
        { provider: 'ollama-chat', model: 'llama3.3' },
        { provider: 'anthropic', model: 'claude-sonnet-4-5', weight: 0 },
      ],
      strategy: 'weighted',
      policy: false,
    },
    { model: 'gpt-5.5-mini', provider: 'openai' },
    { model: 'claude', provider: 'anthropic', upstream_model: 'claude-sonnet-4-5' },
    { model: 'coder', provider: 'openai-2', upstream_model: 'Qwen/Qwen3-Coder' },
    { model: 'groq/*', provider: 'groq' },
    { model: 'azure-gpt', provider: 'azure', upstream_model: 'my-deployment' },
  ]);
  assert.deepEqual(proposal.secrets, [{ name: 'anthropic', value: 'sk-ant-marked' }]);
  assert.deepEqual(lines(litellm, 'config.yaml'), [
    '7 smart: rpm',
    '36 litellm_settings.drop_params',
    '39 general_settings.master_key',
  ]);
});

test('a LiteLLM config.yaml keeps clouds with their places and keys, and how it chooses among several', () => {
  const text = `model_list:
  - model_name: claude
    litellm_params:
      model: bedrock/converse/anthropic.claude-sonnet-4-5
      aws_region_name: eu-central-1
      aws_access_key_id: os.environ/AWS_ID
      aws_secret_access_key: marked
  - model_name: claude
    litellm_params: { model: vertex_ai/claude-sonnet-4-5, vertex_project: p, vertex_location: global, vertex_credentials: os.environ/GOOGLE, weight: 2 }
  - model_name: nowhere
    litellm_params: { model: bedrock/x }
  - model_name: spare
    litellm_params: { model: openai/gpt-5.5, api_key: os.environ/K }
litellm_settings: { max_budget: 5, fallbacks: [{ claude: [spare] }, { spare: [gone] }] }
router_settings: { routing_strategy: latency-based-routing }
`;
  const proposal = proposalOf(text, 'config.yaml', empty);
  assert.deepEqual(proposal.providers.slice(0, 2), [
    {
      id: 'bedrock',
      type: 'bedrock',
      region: 'eu-central-1',
      aws: { access_key_id: '${env:AWS_ID}', secret_access_key: '${secret:bedrock-secret-access-key}' },
      models: ['anthropic.claude-sonnet-4-5'],
    },
    {
      id: 'vertex-ai',
      type: 'vertex',
      project: 'p',
      region: 'global',
      google: '${env:GOOGLE}',
      models: ['claude-sonnet-4-5'],
    },
  ]);
  assert.deepEqual(proposal.routes[0], {
    model: 'claude',
    candidates: [
      { provider: 'bedrock', model: 'anthropic.claude-sonnet-4-5' },
      { provider: 'vertex-ai', model: 'claude-sonnet-4-5', weight: 2 },
    ],
    strategy: 'least-latency',
    policy: false,
  });
  // The fastest is not known beforehand: no place would stay the last one.
  assert.deepEqual(lines(text, 'config.yaml'), [
    '10 nowhere',
    '14 litellm_settings.max_budget',
    '14 litellm_settings.fallbacks',
  ]);
});

test('a claude-code-router config.json becomes providers and routes for what Claude Code asks for', () => {
  const proposal = proposalOf(claudeCodeRouter, 'config.json', empty);
  assert.deepEqual(proposal.providers, [
    {
      id: 'openrouter',
      type: 'openrouter',
      api_key: '${env:OPENROUTER_API_KEY}',
      models: ['google/gemini-2.5-pro', 'anthropic/claude-sonnet-4'],
    },
    {
      id: 'deepseek',
      type: 'deepseek',
      api_key: '${secret:deepseek}',
      models: ['deepseek-chat', 'deepseek-reasoner'],
    },
    { id: 'ollama', type: 'ollama', api_key: '${secret:ollama}', models: ['qwen2.5-coder:latest'] },
    { id: 'gemini', type: 'gemini', api_key: '${secret:gemini}', models: ['gemini-2.5-pro'] },
  ]);
  const long = { provider: 'openrouter', model: 'google/gemini-2.5-pro', when: { min_input_tokens: 60_000 } };
  const small = [long, { provider: 'ollama', model: 'qwen2.5-coder:latest' }];
  assert.deepEqual(proposal.routes, [
    { model: 'claude-haiku-*', candidates: small, policy: false },
    { model: 'claude-3-5-haiku*', candidates: small, policy: false },
    {
      model: 'claude-*',
      candidates: [
        long,
        { provider: 'deepseek', model: 'deepseek-reasoner', when: { needs: ['reasoning'] } },
        { provider: 'deepseek', model: 'deepseek-chat' },
      ],
      policy: false,
    },
  ]);
  assert.equal(proposal.default_provider, 'deepseek');
  assert.deepEqual(lines(claudeCodeRouter, 'config.json'), [
    '2 APIKEY',
    '3 LOG',
    '10 openrouter: transformer',
  ]);
});

test('the Codex launcher’s endpoints.json becomes providers, and its monitoring model one more', () => {
  const proposal = proposalOf(launcherEndpoints, 'endpoints.json', empty);
  assert.deepEqual(proposal.providers, [
    {
      id: 'opencode-zen',
      type: 'openai-compatible',
      base_url: 'https://opencode.ai/zen/v1',
      api_key: '${secret:opencode-zen}',
      models: ['Qwen/Qwen3-32B', 'deepseek-v4-flash'],
    },
    {
      id: 'claude',
      type: 'anthropic',
      api_key: '${env:ANTHROPIC_API_KEY}',
      models: ['claude-sonnet-4-5'],
    },
  ]);
  assert.equal(proposal.default_provider, 'opencode-zen');
  assert.deepEqual(
    lines(launcherEndpoints, 'endpoints.json'),
    [
      '10 OpenCode Zen: oauth_provider',
      '20 broken',
      '23 ai_monitoring.enabled',
      '27 ai_monitoring.health_check_interval_s',
    ].map((line) => line.replace('broken', 'endpoint broken')),
  );
});

test('what is there already keeps its id, its route, its default and its secret', () => {
  const existing: Existing = {
    providers: [{ id: 'deepseek' }],
    routes: [{ model: 'claude-*' }],
    default_provider: 'deepseek',
    secrets: ['ollama'],
  };
  const proposal = proposalOf(claudeCodeRouter, 'config.json', existing);
  assert.equal(proposal.providers[1]?.id, 'deepseek-2');
  assert.equal(proposal.providers[2]?.api_key, '${secret:ollama-2}');
  assert.equal(proposal.default_provider, null);
  assert.ok(!proposal.routes.some(({ model }) => model === 'claude-*'));
  assert.deepEqual(
    proposal.left_out.filter(({ line }) => line === 32).map(({ what }) => what),
    ['route claude-* → openrouter, deepseek-2', 'default deepseek-2'],
  );
});

test('the view shows what would be added and no key', () => {
  const text = proposalView(proposalOf(litellm, 'config.yaml', empty), 'vigiles.yaml', 'config.yaml');
  assert.match(text, /^\+ {4}- \{ id: openai, type: openai, api_key: '\$\{env:OPENAI_API_KEY\}'/m);
  assert.match(text, /^ {2}config\.yaml:7 smart: rpm: /m);
  assert.ok(!text.includes('sk-ant-marked'));
});

const refused: [text: string, why: RegExp][] = [
  ['a: [', /config:1: /],
  ['a: 1\na: 2\n', /config:2: .*unique/],
  ['{"x": 1}', /no LiteLLM/],
  ['- 1', /no LiteLLM/],
  ['', /no LiteLLM/],
];
for (const [text, why] of refused) {
  test(`${JSON.stringify(text)} is refused with its line`, () => {
    assert.throws(
      () => proposalOf(text, 'config', empty),
      (thrown) => thrown instanceof CliError && why.test(thrown.message),
    );
  });
}

test('hostile shapes are listed and never thrown over', () => {
  for (const text of [
    '{"model_list": [1, null, {"model_name": "a"}, {"model_name": 1, "litellm_params": []}]}',
    '{"model_list": [{"model_name": "a", "litellm_params": {"model": "openai/x", "api_base": "file:///etc/passwd"}}]}',
    '{"model_list": [{"model_name": "a", "litellm_params": {"model": "openai/x", "api_base": "https://u:p@host/v1"}}]}',
    '{"Providers": [1, {"name": "x", "api_base_url": 5}], "Router": {"default": "x,y"}}',
    '{"endpoints": [1, {}, {"name": "__proto__"}], "ai_monitoring": 3}',
  ]) {
    const proposal = proposalOf(text, 'file', empty);
    assert.deepEqual(proposal.providers, []);
    assert.ok(proposal.left_out.length > 0);
  }
});

test('every type an import writes is one the gateway has', () => {
  const folder = new URL('../../../server/src/features/gateway/providers/', import.meta.url);
  const files = new Set(readdirSync(folder));
  for (const type of importableTypes) assert.ok(files.has(`${type}.ts`), type);
});
