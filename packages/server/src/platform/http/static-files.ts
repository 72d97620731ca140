import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastifyStatic from '@fastify/static';

/** Paths that are never a page of the dashboard. */
const reserved = /^\/(api|v1|health|metrics|auth|docs|openapi\.json|socket\.io|ws)(\/|$)/;

const yearS = 31_536_000;

/** Sent while the dashboard has not been built; the API works without it. */
const missingBuild = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Vigiles</title></head>
<body><main><h1>Vigiles is running</h1>
<p>The dashboard has not been built yet. Build it with <code>npm run build</code> and reload this page.</p>
<p>The API is described at <a href="/docs">/docs</a>.</p></main></body></html>
`;

/** A file inside the root, or null: never one outside of it. */
async function fileIn(root: string, path: string): Promise<string | null> {
  const full = resolve(join(root, path));
  if (!full.startsWith(root + sep)) return null;
  const found = await stat(full).catch(() => null);
  return found?.isFile() ? full.slice(root.length + 1) : null;
}

const wantsPage = (request: FastifyRequest): boolean =>
  (request.headers.accept ?? '*/*').split(',').some((type) => /^\s*(text\/html|\*\/\*)/.test(type));

/**
 * Serves the built dashboard: hashed assets for ever, everything else fresh, and `index.html` for the
 * addresses the dashboard routes by itself. Answers false where the path is not its business.
 */
export async function serveDashboard(app: FastifyInstance, directory: string | undefined) {
  const root = directory === undefined ? undefined : resolve(directory);
  await app.register(fastifyStatic, { root: root ?? process.cwd(), serve: false, cacheControl: false });

  return async (request: FastifyRequest, reply: FastifyReply, path: string): Promise<boolean> => {
    if (reserved.test(path) || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    const file = root ? await fileIn(root, path) : null;
    if (root && file) {
      const hashed = file.startsWith(`assets${sep}`);
      reply.header('cache-control', hashed ? `public, max-age=${yearS}, immutable` : 'no-cache');
      await reply.code(200).sendFile(file, root);
      return true;
    }
    // A path with a file's ending is an asset that does not exist, not a page.
    if (/\.[a-z0-9]+$/i.test(path) || !wantsPage(request)) return false;
    reply.header('cache-control', 'no-cache');
    if (root && existsSync(join(root, 'index.html'))) await reply.code(200).sendFile('index.html', root);
    else await reply.code(200).type('text/html; charset=utf-8').send(missingBuild);
    return true;
  };
}
