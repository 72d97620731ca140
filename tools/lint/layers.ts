import { resolveRelative, roomOf, type Room } from './room.ts';
import type { SourceFile } from './source-file.ts';
import type { Breach } from './breach.ts';

/** Which layers of the server a layer may look into: inward or level only. */
const inward: Record<string, readonly string[]> = {
  kernel: ['kernel'],
  platform: ['kernel', 'platform'],
  features: ['kernel', 'platform', 'features'],
  app: ['kernel', 'platform', 'features', 'app'],
  testing: ['kernel', 'platform', 'features', 'app', 'testing'],
};

/** Which workspace packages a package may import. The launcher folder of the cli starts the server's processes. */
const packages: Record<string, readonly string[]> = {
  contract: [],
  wire: [],
  server: ['contract', 'wire'],
  sdk: ['contract'],
  cli: ['contract', 'sdk'],
  dashboard: ['contract', 'sdk'],
  vscode: ['contract', 'sdk'],
};

/** Beside the indexes: what is asked before, or without, loading a whole package. */
const faces = new Set(
  ['intact-bundle', 'offline', 'plugin-packages', 'read-yaml'].map((face) => `@vigiles/server/${face}`),
);

const pureOnly = (room: Room) => room.core || room.package === 'wire' || room.package === 'contract';

/** The layer rule: imports point inward, features meet at their index, core and wire do no I/O. */
export function checkLayers(file: SourceFile): Breach[] {
  const room = roomOf(file.path);
  if (room.package === 'root') return [];
  const breaches: Breach[] = [];
  for (const { request, line } of file.imports) {
    const say = (rule: string, message: string) => breaches.push({ path: file.path, line, rule, message });
    if (
      pureOnly(room) &&
      !room.test &&
      /^(node:|undici$|fastify|pino|pg$|kysely|ws$|socket\.io)/.test(request)
    )
      say('pure', `${request}: pure code does no I/O and takes time, ids and randomness as arguments`);
    const workspace = /^@vigiles\/([a-z]+)(\/.*)?$/.exec(request);
    if (workspace) {
      const [, name = '', inside] = workspace;
      const launcher = room.package === 'cli' && file.path.startsWith('packages/cli/src/launcher/');
      const allowed = packages[room.package]?.includes(name) || (launcher && name === 'server') || room.test;
      if (!allowed) say('package', `${room.package} may not import ${request}`);
      if (inside && !faces.has(request)) say('package', `${request}: only a package's index is its face`);
    }
    const target = resolveRelative(file.path, request);
    if (!target) continue;
    const there = roomOf(target);
    if (there.package !== room.package) {
      if (!room.test) say('package', `${request}: reaches out of the package`);
      continue;
    }
    if (room.package !== 'server' || room.test) continue;
    if (there.test) say('layer', `${request}: only tests may use testing code`);
    else if (!inward[room.layer]?.includes(there.layer))
      say('layer', `${room.layer} may not import ${there.layer} (${request})`);
    else if (room.core && there.layer !== 'kernel' && !(there.core && there.feature === room.feature))
      say('core', `${request}: core sees kernel, contract, wire and its own core only`);
    else if (
      there.layer === 'features' &&
      room.layer === 'features' &&
      there.feature !== room.feature &&
      !target.endsWith(`/${there.feature}/index.ts`)
    )
      say('feature', `${request}: features meet at index.ts or on the event bus`);
  }
  return breaches;
}
