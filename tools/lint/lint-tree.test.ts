import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { lintTree } from './lint-tree.ts';

/** Lints a tree that holds just these files. */
function lintFiles(files: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), 'vigiles-lint-'));
  try {
    execFileSync('git', ['init', '-q'], { cwd: root });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return lintTree(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const server = 'packages/server/src';
const breachOf: Record<string, { rule: string; path: string; text: string }> = {
  'kernel that looks outward': {
    rule: 'layer',
    path: `${server}/kernel/a.ts`,
    text: "import '../platform/b.ts';",
  },
  'platform that knows a feature': {
    rule: 'layer',
    path: `${server}/platform/http/a.ts`,
    text: "import type { X } from '../../features/mail/index.ts';",
  },
  'a feature that knows the app': {
    rule: 'layer',
    path: `${server}/features/mail/a.ts`,
    text: "export * from '../../app/b.ts';",
  },
  'a feature that enters another by the window': {
    rule: 'feature',
    path: `${server}/features/mail/a.ts`,
    text: "await import('../ports/service.ts');",
  },
  'a core that uses its own service': {
    rule: 'core',
    path: `${server}/features/mail/core/a.ts`,
    text: "import '../service.ts';",
  },
  'a core that does I/O': {
    rule: 'pure',
    path: `${server}/features/mail/core/a.ts`,
    text: "import 'node:fs';",
  },
  'wire that does I/O': {
    rule: 'pure',
    path: 'packages/wire/src/a.ts',
    text: "import { request } from 'undici';",
  },
  'a surface with a private door': {
    rule: 'package',
    path: 'packages/dashboard/src/a.ts',
    text: "import '@vigiles/server';",
  },
  'the cli outside its launcher': {
    rule: 'package',
    path: 'packages/cli/src/verbs/a.ts',
    text: "import '@vigiles/server';",
  },
  'a deep import': {
    rule: 'package',
    path: 'packages/cli/src/a.ts',
    text: "import '@vigiles/contract/src/x.ts';",
  },
  'a relative path out of the package': {
    rule: 'package',
    path: 'packages/cli/src/a.ts',
    text: "import '../../contract/src/x.ts';",
  },
  'product code that uses testing code': {
    rule: 'layer',
    path: `${server}/platform/http/a.ts`,
    text: "import '../../testing/stores.ts';",
  },
  'a second home for node:sqlite': {
    rule: 'sqlite',
    path: `${server}/features/mail/a.ts`,
    text: "import 'node:sqlite';",
  },
  'the environment read in a feature': {
    rule: 'environment',
    path: `${server}/features/mail/a.ts`,
    text: 'export const x = process.env;',
  },
  'a fetch past the guarded way out': {
    rule: 'egress',
    path: `${server}/features/mail/a.ts`,
    text: 'export const x = await fetch(y);',
  },
  'a fetch that is fetched elsewhere': {
    rule: 'egress',
    path: `${server}/features/mail/a.ts`,
    text: 'export const x = { fetch: globalThis.fetch };',
  },
  'a connection past the guarded way out': {
    rule: 'egress',
    path: `${server}/features/mail/a.ts`,
    text: "import { connect, isIP } from 'node:net';",
  },
  'a client library past the guarded way out': {
    rule: 'egress',
    path: `${server}/app/a.ts`,
    text: "await import('undici');",
  },
  'the client for turns and checks past the guarded way out': {
    rule: 'egress',
    path: `${server}/features/mail/a.ts`,
    text: "import { openHttpPool } from '../../platform/http-client/index.ts';",
  },
  'a WebSocket past the guarded way out': {
    rule: 'egress',
    path: `${server}/platform/files/a.ts`,
    text: "export const x = new WebSocket('ws://a');",
  },
  'a default export': { rule: 'export', path: 'packages/cli/src/a.ts', text: 'export default 1;' },
  'a room without a name': { rule: 'name', path: 'packages/cli/src/utils.ts', text: 'export const x = 1;' },
  'a file name in camel case': {
    rule: 'name',
    path: 'packages/cli/src/camelCase.ts',
    text: 'export const x = 1;',
  },
  'a file of two ideas': { rule: 'size', path: 'packages/cli/src/a.ts', text: 'export {};\n'.repeat(401) },
  'a skipped test': { rule: 'test', path: 'packages/cli/src/a.test.ts', text: "test.skip('x', () => {});" },
  'raw HTML': {
    rule: 'html',
    path: 'packages/dashboard/src/a.tsx',
    text: 'export const x = <p dangerouslySetInnerHTML={{ __html: y }} />;',
  },
};

for (const [what, { rule, path, text }] of Object.entries(breachOf))
  test(`${what} is a breach`, () => {
    const { breaches } = lintFiles({ [path]: text });
    assert.deepEqual(
      breaches.map((breach) => [breach.path, breach.rule]),
      [[path, rule]],
    );
  });

test('imports that point inward are no breach', () => {
  const { files, breaches } = lintFiles({
    [`${server}/kernel/clock.ts`]: 'export const x = 1;',
    [`${server}/platform/http/a.ts`]:
      "import '../../kernel/clock.ts'; import { createServer, type ClientRequest } from 'node:http';",
    [`${server}/features/mail/service.ts`]:
      "import '../ports/index.ts'; import './core/a.ts'; import '@vigiles/wire';",
    [`${server}/features/mail/core/a.ts`]:
      "import '../../../kernel/clock.ts'; import './b.ts'; import '@vigiles/contract';",
    [`${server}/app/compose.ts`]: "import '../features/mail/service.ts'; export const e = process.env;",
    'packages/cli/src/launcher/start.ts': "import '@vigiles/server';",
    [`${server}/features/gateway/upstream/a.ts`]: "import 'undici'; await fetch('x');",
    'packages/dashboard/vite.config.ts': 'export default {};',
  });
  assert.equal(files, 8);
  assert.deepEqual(breaches, []);
});

test('words in comments and strings do not count', () => {
  const { breaches } = lintFiles({
    'packages/wire/src/a.ts': "// import 'node:fs';\nexport const x = \"import 'undici'\";\n",
  });
  assert.deepEqual(breaches, []);
});

test('an empty tree is reported as nothing checked', () => {
  assert.equal(lintFiles({}).files, 0);
});
