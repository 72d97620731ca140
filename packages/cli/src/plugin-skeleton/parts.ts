import type { PluginProvisionKind } from '@vigiles/contract';

export type Kind = PluginProvisionKind;

interface Part {
  name: string;
  /** What it takes from `vigiles.mjs`. */
  needs: readonly string[];
  network: readonly string[];
  source: string;
  test: string;
  /** How it is used in vigiles.yaml. */
  use(id: string): string;
}

const check: Part = {
  name: 'status',
  needs: ['failing', 'healthy', 'unknown'],
  network: ['example.com'],
  source: `status: {
  title: 'Status page',
  options: {
    properties: {
      url: { type: 'string', default: 'https://example.com/', description: 'Page that is looked at.' },
      contains: { type: 'string', default: 'Example', description: 'Text it has to contain.' },
    },
  },
  async look({ options, fetch }) {
    const answer = await fetch(options.url);
    if (answer.status >= 500) return unknown(\`it answered \${answer.status}\`);
    if (!answer.text().includes(options.contains)) return failing(\`it does not contain “\${options.contains}”\`);
    return healthy({ status: answer.status });
  },
},`,
  test: `const looked = (status, text) =>
  plugin.checks.status.look({
    options: { url: 'https://example.com/', contains: 'Example' },
    fetch: async () => ({ status, text: () => text }),
  });

test('a page with the text is healthy, another is failing, and a server in trouble says nothing', async () => {
  assert.equal((await looked(200, 'Example Domain')).state, 'ok');
  assert.equal((await looked(200, 'Something else')).state, 'failing');
  assert.equal((await looked(503, '')).state, 'unknown');
});
`,
  use: (id) => `watchdog:
  services:
    - name: example
      checks:
        - { type: plugin, plugin: ${id}/status, options: { contains: Example } }
`,
};

const action: Part = {
  name: 'refresh',
  needs: [],
  network: ['example.com'],
  source: `refresh: {
  title: 'Refresh',
  description: 'Asks the page once, so that what is cached there is made anew.',
  risk: 'reversible',
  options: { properties: { url: { type: 'string', default: 'https://example.com/' } } },
  plan: ({ options }) => [\`Ask \${options.url}\`],
  async perform({ options, fetch, note }) {
    const answer = await fetch(options.url, { method: 'POST' });
    note(\`it answered \${answer.status}\`);
    if (!answer.ok) throw new Error(\`it answered \${answer.status}\`);
  },
  async verify({ options, fetch }) {
    return (await fetch(options.url)).ok ? 'fixed' : 'not_fixed';
  },
},`,
  test: `test('a refresh that is refused is a failure, and what it would do is said before', async () => {
  const options = { url: 'https://example.com/' };
  const { refresh } = plugin.actions;
  assert.deepEqual(refresh.plan({ options }), ['Ask https://example.com/']);
  const context = (status) => ({ options, note: () => {}, fetch: async () => ({ status, ok: status < 300 }) });
  await refresh.perform(context(204));
  await assert.rejects(refresh.perform(context(403)), /403/);
  assert.equal(await refresh.verify(context(200)), 'fixed');
});
`,
  use: (id) => `# Asked for with: vigiles action run ${id}/refresh <service>
watchdog:
  enabled: true
`,
};

const channel: Part = {
  name: 'chat',
  needs: ['later', 'refused', 'sent'],
  network: ['chat.example.com'],
  source: `chat: {
  title: 'Chat',
  per_minute: 30,
  options: { properties: { room: { type: 'string', description: 'Where it is said.' } }, required: ['room'] },
  async send(message, { options, fetch }) {
    const answer = await fetch(\`https://chat.example.com/rooms/\${encodeURIComponent(options.room)}\`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: message.id, text: \`\${message.title}\\n\${message.body}\` }),
    });
    if (answer.ok) return sent();
    return answer.status >= 500 || answer.status === 429
      ? later(\`it answered \${answer.status}\`)
      : refused(\`it answered \${answer.status}\`);
  },
},`,
  test: `test('what the server refuses is given up, and what it cannot take now is tried again', async () => {
  const message = { id: 'm1', title: 'api is down', body: 'no answer' };
  const say = (status) =>
    plugin.channels.chat.send(message, { options: { room: 'ops' }, fetch: async () => ({ status, ok: status < 300 }) });
  assert.equal((await say(200)).ok, true);
  assert.equal((await say(503)).again, true);
  assert.equal((await say(404)).again, false);
});
`,
  use: (id) => `notifications:
  channels:
    - { type: plugin, name: chat, plugin: ${id}/chat, options: { room: ops } }
`,
};

const provider: Part = {
  name: 'models',
  needs: [],
  network: ['models.example.com'],
  source: `models: {
  name: 'Example models',
  base_url: 'https://models.example.com/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  quirks: { max_completion_tokens: false },
},`,
  test: `test('it leads where the manifest allows it to', () => {
  assert.equal(new URL(plugin.providers.models.base_url).host, 'models.example.com');
});
`,
  use: (id) => `gateway:
  providers:
    - { id: example, type: ${id}/models, api_key: '\${secret:example}' }
`,
};

const toolCallFormat: Part = {
  name: 'marked',
  needs: [],
  network: [],
  source: `marked: {
  description: '<|call|>{"name": …, "arguments": …}<|/call|>',
  open: ['<|call|>'],
  close: ['<|/call|>'],
  payload: 'json',
},`,
  test: `test('a call has an end of its own', () => {
  const { open, close } = plugin.toolCallFormats.marked;
  assert.ok(open.every((marker) => !close.includes(marker)));
});
`,
  use: () => `# Nothing to set: the gateway reads it wherever it looks after calls.
gateway:
  enabled: true
`,
};

/** A working example of each kind. */
export const parts: Readonly<Record<Kind, Part>> = {
  check,
  action,
  channel,
  provider,
  tool_call_format: toolCallFormat,
};
