/**
 * Bundles the gateway's process and the command line with control into packages/server/dist (docs/adr/0008): a few files to
 * read instead of hundreds. A killed gateway serves again in a third of the time and holds a third less memory; control
 * starts in half. What went in is written beside each bundle; `app/intact-bundle.ts` takes it only when nothing has
 * changed since.
 */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { stampOf } from '../packages/server/src/app/intact-bundle.ts';
import { lazyShapes } from './bundle/lazy-shapes.ts';
import { plainSchemas } from './bundle/plain-schemas.ts';
import { builtinsAtHand } from './bundle/builtins-at-hand.ts';
import { inOneFile } from './bundle/in-one-file.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const server = join(root, 'packages', 'server', 'src');

const backgroundThread = join(server, 'platform/store/sqlite/background-worker.ts');
const seriesThread = join(server, 'features/series/series-worker.ts');

const gatewayMain = join(server, 'app/gateway-main.ts');
const commandLine = join(root, 'packages/cli/src/run.ts');

/**
 * What each bundle is made of, part by part: the process, and its threads, which share with each other and not with the process,
 * so that neither side has its code in pieces. Every entry becomes a file of the same name.
 */
const bundles = {
  gateway: [
    { entries: [gatewayMain], together: [gatewayMain] },
    {
      entries: [
        join(server, 'app/gateway-ledger.ts'),
        join(server, 'features/gateway/tokens/count-worker.ts'),
        backgroundThread,
      ],
    },
  ],
  control: [
    { entries: [commandLine], together: [commandLine, join(root, 'packages/cli/src/verbs/start.ts')] },
    { entries: [join(server, 'app/intact-bundle.ts')] },
    {
      entries: [
        join(server, 'features/watchdog/signals/logs/log-worker.ts'),
        join(server, 'features/web/reader/read-worker.ts'),
        join(server, 'features/plugins/runtime/child/plugin-child.ts'),
        join(server, 'features/vscode-bridge/check/check-worker.ts'),
        join(server, 'features/github/judging/judge-worker.ts'),
        join(server, 'features/plugins/archive/archive-worker.ts'),
        backgroundThread,
        seriesThread,
      ],
    },
  ],
};

const nameOf = (path) => /([^/\\]+)\.ts$/.exec(path)[1];

/**
 * Threads are named by URLs beside their starter; in the bundle all files lie in one folder. Every other `import.meta.url`
 * goes on meaning the place of its source.
 */
const sourceUrls = (entries, target) => ({
  name: 'source-urls',
  transform(code, id) {
    const own = id.startsWith(join(root, 'packages')) && !id.includes(`${sep}node_modules${sep}`);
    if (!own || !code.includes('import.meta.url')) return null;
    const source = `new URL('${relative(target, id).replaceAll(sep, '/')}', import.meta.url).href`;
    return code
      .replace(/new URL\('\.\/([a-z-]+)\.ts', import\.meta\.url\)/g, (found, name) =>
        entries.some((entry) => nameOf(entry) === name) ? `new URL('./${name}.js', import.meta.here)` : found,
      )
      .replaceAll('import.meta.url', source)
      .replaceAll('import.meta.here', 'import.meta.url');
  },
});

const lazyHttp = '\0node-http';
const lazyHttp2 = '\0node-http2';

/**
 * To import a module of Node's reads all that it exports. One export of `node:http` is WebSocket, which is made when it is read,
 * with Node's own fetch and all it needs: 14 MB and 80 ms of CPU in each thread, for what nobody here uses. Fastify has
 * `node:http2` at hand in case somebody wants it: 1 MB.
 */
const httpAlone = {
  name: 'http-alone',
  resolveId(source, _importer, { kind }) {
    if (source === 'node:http' && kind === 'import-statement') return lazyHttp;
    return source === 'node:http2' && kind === 'require-call' ? lazyHttp2 : null;
  },
  load(id) {
    if (id === lazyHttp) return `module.exports = process.getBuiltinModule('node:http');`;
    if (id !== lazyHttp2) return null;
    return `module.exports = new Proxy({}, { get: (_, name) => process.getBuiltinModule('node:http2')[name] });`;
  },
};

/**
 * Asked for by a library, and used in cases that we do not have: for listing folders where a route is made of each file, for spans beside
 * figures.
 */
const unused = { glob: '@fastify/static', '@opentelemetry/api': 'prom-client' };

const withoutUnused = {
  name: 'without-unused',
  resolveId: (source, importer) =>
    Object.hasOwn(unused, source) && importer?.replaceAll(sep, '/').includes(`/${unused[source]}/`)
      ? `\0unused:${source}`
      : null,
  load: (id) => (id.startsWith('\0unused:') ? `module.exports = {};` : null),
};

/**
 * The router compiles functions for each piece of each path and for the parameters of each, thousands at the start; closures do as well.
 * Whether a plugin is for this Fastify is said by the lockfile.
 */
const fastifyParts = {
  'find-my-way/lib/node.js': [
    /return new Function\('path', 'i', .*/,
    'return (path, i) => path.startsWith(prefix, i);',
  ],
  'find-my-way/lib/handler-storage.js': [
    /const fnBody = \["'use strict'"\][^]*?return new Function\('NullObject', fnBody.*/,
    `return (...values) => {
      const made = new NullObject();
      const rest = values[4];
      for (let i = 0; i < params.length; i++) made[params[i]] = i < 4 ? values[i] : rest[i - 4];
      return made;
    };`,
  ],
  'fastify/lib/plugin-utils.js': [/checkVersion\.call\(this, fn\)/, ''],
};

const plainFastify = {
  name: 'plain-fastify',
  transform(code, id) {
    for (const [file, [costly, plain]] of Object.entries(fastifyParts)) {
      if (!id.replaceAll(sep, '/').endsWith(`/${file}`)) continue;
      if (!costly.test(code)) throw new Error(`Not what it was: ${id}`);
      return code.replace(costly, () => plain);
    }
    return null;
  },
};

/** Asked for at the top of a file and used in cases that do not come: loaded when they do. */
const seldom = {
  // The list of all media types, for answers whose type is negotiated.
  'mime-types': ['charset', 'contentType', 'extension', 'lookup'],
};
const seldomMark = '\0seldom:';

const loadedWhenUsed = {
  name: 'loaded-when-used',
  resolveId(source, importer) {
    if (!Object.hasOwn(seldom, source)) return null;
    return importer?.startsWith(seldomMark) ? { id: source, external: true } : `${seldomMark}${source}`;
  },
  load(id) {
    if (!id.startsWith(seldomMark)) return null;
    const source = id.slice(seldomMark.length);
    const names = seldom[source].map(
      (name) => `${name}: (...given) => require('${source}').${name}(...given)`,
    );
    return `module.exports = { ${names.join(', ')} };`;
  },
};

/** A raw template means its letters as they stand, so that an escape in it is another text: it becomes a string. */
const plainStrings = {
  name: 'plain-strings',
  transform: (code) =>
    code.includes('String.raw`')
      ? code.replace(/String\.raw`((?:[^`$\\]|\\[^]|\$(?!\{))*)`/g, (_found, text) => JSON.stringify(text))
      : null,
};

/**
 * With one letter outside Latin-1 V8 keeps two bytes for each letter of a file. In strings, patterns and
 * names the escape means the same, in raw templates not: see above.
 */
const inAscii = (code) => {
  const raw = /String\.raw`(?:[^`\\]|\\[^])*[^\0-\x7f]/.exec(code);
  if (raw) throw new Error(`Not in ASCII, and no escape would mean the same: ${raw[0].slice(-80)}`);
  return code.replace(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
};

/** Writes one part of a bundle. @returns the modules that went in */
async function writePart({ entries, together }, target, all) {
  const made = await rolldown({
    cwd: root,
    // These are run, and what one of them exports besides hurts nobody.
    preserveEntrySignatures: 'allow-extension',
    input: Object.fromEntries(entries.map((entry) => [nameOf(entry), entry])),
    platform: 'node',
    external: [
      'pg-native',
      // Its pages lie beside its code.
      '@fastify/swagger-ui',
      // For schemas of Fastify's own kind and for requests that are made up: never here.
      '@fastify/ajv-compiler',
      '@fastify/fast-json-stringify-compiler',
      'light-my-request',
    ],
    // Vocabulary only: a thread that uses one name of them must not load zod for all the others.
    treeshake: { moduleSideEffects: [{ test: /packages[\\/](contract|wire)[\\/]src/, sideEffects: false }] },
    plugins: [
      lazyShapes,
      sourceUrls(all, target),
      plainStrings,
      httpAlone,
      withoutUnused,
      plainFastify,
      plainSchemas,
      loadedWhenUsed,
    ],
  });
  const { output } = await made.write({
    dir: target,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    ...(together ? { codeSplitting: inOneFile(together) } : {}),
    comments: false,
    // A running process keeps its source, and the name of each variable besides. Those of functions stay, for what a trace says.
    minify: { compress: false, mangle: { keepNames: true }, codegen: { removeWhitespace: true } },
  });
  for (const chunk of output) {
    if (chunk.type !== 'chunk') continue;
    // Not in threads: the process of a plugin is fenced in by what it sees of Node's modules.
    const code = together ? builtinsAtHand(chunk.code) : chunk.code;
    writeFileSync(join(target, chunk.fileName), inAscii(code));
  }
  return output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
}

async function bundle(name, parts) {
  const target = join(root, 'packages', 'server', 'dist', name);
  rmSync(target, { recursive: true, force: true });
  const all = parts.flatMap(({ entries }) => entries);
  const modules = [];
  for (const part of parts) modules.push(...(await writePart(part, target, all)));
  const own = modules
    .filter((id) => id.startsWith(root) && !id.includes(`${sep}node_modules${sep}`))
    .map((id) => relative(root, id).replaceAll(sep, '/'));
  // Dependencies are named by the lockfile.
  const files = [...new Set([...own, 'package-lock.json'])].sort((a, b) => (a < b ? -1 : 1));
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(join(root, file)));
  const inputs = { hash: hash.digest('hex'), stamp: stampOf(root, files), files };
  writeFileSync(join(target, 'inputs.json'), JSON.stringify(inputs));
}

for (const [name, parts] of Object.entries(bundles)) await bundle(name, parts);
