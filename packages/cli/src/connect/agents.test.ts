import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SettingsError, type AgentConnection } from './agent.ts';
import { agentOf } from './agents.ts';

const connection: AgentConnection = {
  origin: 'http://127.0.0.1:8766',
  baseUrl: 'http://127.0.0.1:8766/v1',
  token: 'vgl_token',
  model: 'm1',
  models: ['m1', 'm2'],
};

const opencodeBlock = `"vigiles": {
      "npm": "@ai-sdk/openai-compatible",
      "name": "Vigiles gateway",
      "options": {
        "baseURL": "http://127.0.0.1:8766/v1",
        "apiKey": "vgl_token"
      },
      "models": {
        "m1": {
          "name": "m1"
        },
        "m2": {
          "name": "m2"
        }
      }
    }`;
const continueEntry = (pad: string) =>
  [
    '# Written by `vigiles connect continue`; `vigiles disconnect continue` takes it out.',
    '- name: Vigiles',
    '  provider: openai',
    '  model: "m1"',
    '  apiBase: "http://127.0.0.1:8766/v1"',
    '  apiKey: "vgl_token"',
    '  roles: [chat, edit, apply]',
  ]
    .map((line) => `${pad}${line}\n`)
    .join('');

/** Which agent, which of its files, what it was, what it becomes; `back` where undoing an edited file is not byte for byte. */
const table: { title: string; agent: string; file?: number; before: string; after: string; back?: string }[] =
  [
    {
      title: 'Claude Code without settings gets a file of its own',
      agent: 'claude',
      before: '',
      after:
        '{\n  "env": {\n    "ANTHROPIC_BASE_URL": "http://127.0.0.1:8766",\n    "ANTHROPIC_AUTH_TOKEN": "vgl_token"\n  }\n}\n',
      back: '{}\n',
    },
    {
      title: 'Claude Code keeps indentation, order and every other value',
      agent: 'claude',
      before:
        '{\n    "permissions": {"allow": ["Bash(ls:*)"]},\n    "env": {\n        "FOO": "\\u00e9"\n    },\n    "model":  "opus"\n}',
      after:
        '{\n    "permissions": {"allow": ["Bash(ls:*)"]},\n    "env": {\n        "FOO": "\\u00e9",\n        "ANTHROPIC_BASE_URL": "http://127.0.0.1:8766",\n        "ANTHROPIC_AUTH_TOKEN": "vgl_token"\n    },\n    "model":  "opus"\n}',
    },
    {
      title: 'Claude Code on one line with Windows ends stays on one line',
      agent: 'claude',
      before: '{"a": 1, "env": {"ANTHROPIC_BASE_URL" : "https://old"}}\r\n',
      after:
        '{"a": 1, "env": {"ANTHROPIC_BASE_URL" : "http://127.0.0.1:8766", "ANTHROPIC_AUTH_TOKEN": "vgl_token"}}\r\n',
    },
    {
      title: 'opencode gets a provider beside the others and keeps its model',
      agent: 'opencode',
      before:
        '{\n  "$schema": "https://opencode.ai/config.json",\n  "provider": {\n    "x": {}\n  },\n  "model": "x/y"\n}\n',
      after: `{\n  "$schema": "https://opencode.ai/config.json",\n  "provider": {\n    "x": {},\n    ${opencodeBlock}\n  },\n  "model": "x/y"\n}\n`,
    },
    {
      title: 'opencode without a model gets one',
      agent: 'opencode',
      before: '{\n  "theme": "system"\n}\n',
      after: `{\n  "theme": "system",\n  "provider": {\n    ${opencodeBlock}\n  },\n  "model": "vigiles/m1"\n}\n`,
    },
    {
      title: 'Qwen Code’s .env keeps comments, order and other keys',
      agent: 'qwen',
      before: '# mine\nexport OPENAI_API_KEY="sk-old"\nFOO=1\nOPENAI_MODEL=qwen3-max',
      after:
        '# mine\nOPENAI_API_KEY=vgl_token\nFOO=1\nOPENAI_MODEL=qwen3-max\nOPENAI_BASE_URL=http://127.0.0.1:8766/v1\n',
      back: '# mine\nexport OPENAI_API_KEY="sk-old"\nFOO=1\nOPENAI_MODEL=qwen3-max\n',
    },
    {
      title: 'Qwen Code’s settings choose that way of signing in',
      agent: 'qwen',
      file: 1,
      before:
        '{\n\t"ui": {},\n\t"security": {\n\t\t"auth": {\n\t\t\t"selectedType": "qwen-oauth"\n\t\t}\n\t}\n}\n',
      after:
        '{\n\t"ui": {},\n\t"security": {\n\t\t"auth": {\n\t\t\t"selectedType": "openai"\n\t\t}\n\t}\n}\n',
    },
    {
      title: 'Qwen Code’s empty settings get the whole way, and lose it again',
      agent: 'qwen',
      file: 1,
      before: '{}\n',
      after: '{\n  "security": {\n    "auth": {\n      "selectedType": "openai"\n    }\n  }\n}\n',
    },
    {
      title: 'Gemini CLI’s .env keeps what is there, and its address has no version',
      agent: 'gemini',
      before: '# mine\nGOOGLE_CLOUD_PROJECT=p\nGEMINI_MODEL=gemini-3-pro\n',
      after:
        '# mine\nGOOGLE_CLOUD_PROJECT=p\nGEMINI_MODEL=gemini-3-pro\nGOOGLE_GEMINI_BASE_URL=http://127.0.0.1:8766\nGEMINI_API_KEY=vgl_token\n',
    },
    {
      title: 'Gemini CLI’s settings choose the key instead of the Google account',
      agent: 'gemini',
      file: 1,
      before: '{\n  "security": {\n    "auth": {\n      "selectedType": "oauth-personal"\n    }\n  }\n}\n',
      after: '{\n  "security": {\n    "auth": {\n      "selectedType": "gemini-api-key"\n    }\n  }\n}\n',
    },
    {
      title: 'Cline’s place for one such provider is taken, and given back',
      agent: 'cline',
      before:
        '{"version": 1, "lastUsedProvider": "cline", "providers": {"openai-compatible": {"settings": {"provider": "openai-compatible", "apiKey": "sk-old"}, "updatedAt": "2026-05-01T00:00:00.000Z"}}}\n',
      after:
        '{"version": 1, "lastUsedProvider": "openai-compatible", "providers": {"openai-compatible": {\n  "settings": {\n    "provider": "openai-compatible",\n    "apiKey": "vgl_token",\n    "baseUrl": "http://127.0.0.1:8766/v1",\n    "model": "m1"\n  },\n  "updatedAt": "2026-01-01T00:00:00.000Z",\n  "tokenSource": "manual"\n}}}\n',
    },
    {
      title: 'aider keeps comments and its own lists',
      agent: 'aider',
      before: '# aider\nread:\n  - CONVENTIONS.md\nopenai-api-key: sk-old # mine\n\nauto-commits: false\n',
      after:
        '# aider\nread:\n  - CONVENTIONS.md\nopenai-api-key: "vgl_token"\n\nauto-commits: false\nopenai-api-base: "http://127.0.0.1:8766/v1"\nmodel: "openai/m1"\n',
    },
    {
      title: 'Continue gets one more entry at the end of its models',
      agent: 'continue',
      before:
        'name: Mine\nversion: 1.0.0\nschema: v1\nmodels:\n  # good ones\n  - name: A\n    provider: openai\n    model: a\n\ncontext:\n  - provider: code\n',
      after: `name: Mine\nversion: 1.0.0\nschema: v1\nmodels:\n  # good ones\n  - name: A\n    provider: openai\n    model: a\n${continueEntry('  ')}\ncontext:\n  - provider: code\n`,
    },
    {
      title: 'Continue’s list may start at the margin',
      agent: 'continue',
      before: 'models:\n- name: A\n  provider: openai\n  model: a\nrules: []\n',
      after: `models:\n- name: A\n  provider: openai\n  model: a\n${continueEntry('')}rules: []\n`,
    },
    {
      title: 'Continue without models gets the list',
      agent: 'continue',
      before: 'name: Mine\nversion: 1.0.0\n',
      after: `name: Mine\nversion: 1.0.0\nmodels:\n${continueEntry('  ')}`,
    },
  ];

for (const { title, agent, file: index = 0, before, after, back = before } of table) {
  test(title, () => {
    const file = agentOf(agent).files[index];
    assert.ok(file);
    assert.equal(file.connect(before, connection), after);
    assert.equal(file.connect(after, connection), after, 'twice is once');
    assert.equal(file.disconnect(after, before, connection), back);
    assert.equal(file.disconnect(back, before, connection), back, 'undone twice is undone once');
    const found = file.connectedAs(after);
    if (found) assert.equal(found.token, 'vgl_token');
    assert.equal(file.connectedAs(before), null);
  });
}

test('a new token takes the place of the old one, and nothing is added', () => {
  for (const id of ['claude', 'gemini', 'opencode', 'qwen', 'aider', 'continue', 'cline']) {
    const [file] = agentOf(id).files;
    assert.ok(file);
    const first = file.connect('', connection);
    const second = file.connect(first, { ...connection, token: 'vgl_second' });
    assert.equal(second, first.replace('vgl_token', 'vgl_second'), id);
  }
});

test('what the person changed since is theirs and stays', () => {
  const [file] = agentOf('claude').files;
  assert.ok(file);
  const after = file.connect('{\n  "a": 1\n}\n', connection);
  const edited = after.replace('http://127.0.0.1:8766', 'https://elsewhere').replace('"a": 1', '"a": 2');
  assert.equal(
    file.disconnect(edited, '{\n  "a": 1\n}\n', connection),
    '{\n  "a": 2,\n  "env": {\n    "ANTHROPIC_BASE_URL": "https://elsewhere"\n  }\n}\n',
  );
});

const refused: [agent: string, text: string, line: number, why: RegExp][] = [
  ['claude', '{\n  // mine\n  "env": {}\n}', 2, /comment/],
  ['claude', '{"a": 1,}', 1, /quotes/],
  ['claude', '{\n"env": {},\n"env": {}\n}', 3, /twice/],
  ['claude', '{\n"a\\x": 1}', 2, /no valid text/],
  ['claude', '{"a": "\t"}', 1, /not valid JSON/],
  ['claude', '[]', 1, /not an object/],
  ['claude', '{"env": "x"}', 1, /env is not an object/],
  ['claude', '{"env": {}} x', 1, /after the end/],
  ['opencode', '{"provider": []}', 1, /provider is not an object/],
  ['opencode', '/* jsonc */ {}', 1, /comment/],
  ['aider', 'openai-api-key: |\n  sk\n', 1, /plain value/],
  ['aider', 'openai-api-key: a\nopenai-api-key: b\n', 2, /twice/],
  ['qwen', 'OPENAI_API_KEY=a\nOPENAI_API_KEY=b\n', 2, /twice/],
  ['continue', 'name: x\nmodels: [{name: a}]\n', 2, /list/],
  ['continue', 'models:\n  a: 1\n', 2, /list/],
];

for (const [id, text, line, why] of refused) {
  test(`${id} is refused: ${JSON.stringify(text)}`, () => {
    const [file] = agentOf(id).files;
    assert.ok(file);
    assert.throws(
      () => file.connect(text, connection),
      (thrown) => thrown instanceof SettingsError && thrown.line === line && why.test(thrown.message),
    );
  });
}
