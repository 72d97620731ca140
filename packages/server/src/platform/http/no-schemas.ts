import type { FastifyServerOptions } from 'fastify';

type Controller = NonNullable<FastifyServerOptions['schemaController']>;

/**
 * Routes have zod's schemas. For those of its own kind, which none has, Fastify would load Ajv and what belongs to it: 3 MB and
 * some 50 ms of the start. Its types want what Ajv makes.
 */
export const noSchemas = {
  compilersFactory: {
    buildValidator: () => () => () => true,
    buildSerializer: () => () => JSON.stringify,
  },
} as unknown as Controller;
