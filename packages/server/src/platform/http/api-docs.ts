import Fastify, { type FastifyInstance } from 'fastify';

/**
 * The document at `/openapi.json` and a page to read it at `/docs`, all assets served from here. Both are made when somebody
 * first asks: they took a fifth of the time that control needs to start.
 */
export function serveApiDocs(app: FastifyInstance, makeDocument: () => Record<string, unknown>): void {
  let made: Record<string, unknown> | undefined;
  const document = (): Record<string, unknown> => (made ??= makeDocument());
  let pages: Promise<FastifyInstance> | undefined;

  app.get('/openapi.json', (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(JSON.stringify(document())),
  );
  for (const path of ['/docs', '/docs/*']) {
    app.get(path, async (request, reply) => {
      pages ??= openPages(document());
      const inner = await pages;
      reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) reply.raw.setHeader(name, value);
      inner.routing(request.raw, reply.raw);
    });
  }
  app.addHook('onClose', async () => {
    await (await pages)?.close();
  });
}

async function openPages(document: Record<string, unknown>): Promise<FastifyInstance> {
  const [{ default: swagger }, { default: swaggerUi }] = await Promise.all([
    import('@fastify/swagger'),
    import('@fastify/swagger-ui'),
  ]);
  const pages = Fastify();
  await pages.register(swagger, { mode: 'static', specification: { document: document as never } });
  await pages.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    uiConfig: { docExpansion: 'list', deepLinking: true, tryItOutEnabled: false, validatorUrl: null },
  });
  await pages.ready();
  return pages;
}
