import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectCodex, connectionNotes, disconnectCodex, tokenIn } from './codex-config.ts';
import { TomlOutlineError } from './toml-statements.ts';

const connection = { baseUrl: 'http://127.0.0.1:8766/v1', token: 'vgl_tok', model: 'demo' };

const block = `# Vigiles gateway. Written by \`vigiles connect codex\`; \`vigiles disconnect codex\` takes it out.
[model_providers.vigiles]
name = "Vigiles gateway"
base_url = "http://127.0.0.1:8766/v1"
wire_api = "responses"
supports_websockets = false
experimental_bearer_token = "vgl_tok"
`;

const table: { what: string; before: string; after: string }[] = [
  { what: 'an empty file', before: '', after: `model = "demo"\nmodel_provider = "vigiles"\n\n${block}` },
  {
    what: 'a file with a model of its own',
    before: 'model = "gpt-5.5"   # mine\napproval_policy = "on-request"\n',
    after: `model = "gpt-5.5"   # mine\napproval_policy = "on-request"\nmodel_provider = "vigiles"\n\n${block}`,
  },
  {
    what: 'a file that has another provider',
    before: `# my config\nmodel_provider = 'azure' # work\nmodel = "o3"\n\n[model_providers.azure]\nname = "Azure"\nbase_url = "https://x.example/openai"\nquery_params = { api-version = "2025-04-01-preview" }\n`,
    after: `# my config\nmodel_provider = "vigiles" # work\nmodel = "o3"\n\n[model_providers.azure]\nname = "Azure"\nbase_url = "https://x.example/openai"\nquery_params = { api-version = "2025-04-01-preview" }\n\n${block}`,
  },
  {
    what: 'a file of tables only',
    before: `[projects."/home/me/a [b]"]\ntrust_level = "trusted"\n\n[mcp_servers.docs]\ncommand = "npx"\nargs = [\n  "-y", # yes\n  "docs]",\n]\n`,
    after: `model = "demo"\nmodel_provider = "vigiles"\n\n[projects."/home/me/a [b]"]\ntrust_level = "trusted"\n\n[mcp_servers.docs]\ncommand = "npx"\nargs = [\n  "-y", # yes\n  "docs]",\n]\n\n${block}`,
  },
  {
    what: 'text that only looks like settings',
    before: `model = "x"\ninstructions = """\nmodel_provider = "no"\n[model_providers.vigiles]\n"""\nnote = '''\n# "quoted" \\\n'''\n`,
    after: `model = "x"\ninstructions = """\nmodel_provider = "no"\n[model_providers.vigiles]\n"""\nnote = '''\n# "quoted" \\\n'''\nmodel_provider = "vigiles"\n\n${block}`,
  },
  {
    what: 'no line break at the end',
    before: 'model = "x"\n[tui]\nnotifications = true',
    after: `model = "x"\nmodel_provider = "vigiles"\n[tui]\nnotifications = true\n\n${block}`,
  },
  {
    what: 'Windows line breaks',
    before: 'model = "x"\r\n[tui]\r\ntheme = "a"\r\n',
    after: `model = "x"\nmodel_provider = "vigiles"\n[tui]\ntheme = "a"\n\n${block}`.replaceAll('\n', '\r\n'),
  },
  {
    what: 'an older block of ours in the middle',
    before: `model = "x"\nmodel_provider = "vigiles"\n\n${block.replace('8766', '9999').replace('vgl_tok', 'vgl_old')}\n[tui]\ntheme = "a"\n`,
    after: `model = "x"\nmodel_provider = "vigiles"\n\n[tui]\ntheme = "a"\n\n${block}`,
  },
  {
    what: 'only comments',
    before: '# nothing yet\n',
    after: `model = "demo"\nmodel_provider = "vigiles"\n\n# nothing yet\n\n${block}`,
  },
];

for (const { what, before, after } of table) {
  test(`connecting ${what} adds our lines and keeps the rest byte for byte`, () => {
    assert.equal(connectCodex(before, connection), after);
  });

  test(`connecting ${what} twice is connecting it once`, () => {
    assert.equal(connectCodex(connectCodex(before, connection), connection), after);
  });
}

test('disconnecting takes out only our lines when the file was edited since', () => {
  for (const { before } of table.filter(({ what }) => !what.includes('older block'))) {
    const connected = connectCodex(before, connection);
    const eol = before.includes('\r\n') ? '\r\n' : '\n';
    const edited = `${connected}[new]${eol}added = 1${eol}`;
    const left = disconnectCodex(edited, before, 'demo');
    assert.ok(!left.includes('vgl_tok') && left.includes(`[new]${eol}added = 1`), left);
    for (const line of before.split(eol)) assert.ok(left.includes(line), `${line} in ${left}`);
    assert.ok(!/^model_provider = "vigiles"/m.test(left));
  }
});

test('a provider the user chose after connecting stays chosen', () => {
  const before = 'model_provider = "azure"\n';
  const edited = connectCodex(before, connection).replace(
    'model_provider = "vigiles"',
    'model_provider = "mine"',
  );
  assert.match(disconnectCodex(edited, before, 'demo'), /^model_provider = "mine"$/m);
});

test('the token of a connected file is found again', () => {
  assert.deepEqual(tokenIn(connectCodex('', connection)), { token: 'vgl_tok', baseUrl: connection.baseUrl });
  assert.equal(tokenIn('model = "x"\n'), null);
});

test('profiles that lead past the gateway are named', () => {
  const notes = connectionNotes('profile = "work"\n[profiles.work]\nmodel_provider = "azure"\n');
  assert.match(notes[0] ?? '', /Line 3: the profile "work" .*active/);
});

for (const [what, text, line] of [
  ['an open string', 'model = "x\n', 1],
  ['an inline table of providers', 'a = 1\nmodel_providers = { vigiles = { name = "x" } }\n', 2],
  ['our provider written inline', '[model_providers]\nvigiles = { name = "x" }\n', 2],
  ['our provider with dotted keys', 'model_providers.vigiles.name = "x"\n', 1],
  ['an open header', '\n[tui\n', 2],
  ['an open list', 'a = [1, 2\n', 2],
  ['no value', 'a =\n', 1],
  ['rubbish', 'hello world\n', 1],
  ['two pairs on a line', 'a = 1 b = 2\n', 1],
] as const) {
  test(`${what} is refused with its line`, () => {
    assert.throws(
      () => connectCodex(text, connection),
      (thrown) => thrown instanceof TomlOutlineError && thrown.line === line,
    );
  });
}
