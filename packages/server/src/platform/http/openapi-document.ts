import { z } from 'zod';
import { ErrorEnvelope, faultStatus } from '@vigiles/contract';
import { uploadTypes, type Route } from '../../kernel/route.ts';
import type { StreamRoute } from './stream-route.ts';

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'draft-2020-12',
  });
  return rest;
};

const bytes: Json = { type: 'string', format: 'binary' };

const templated = (path: string): string => path.replace(/:([A-Za-z_]+)/g, '{$1}');

/** Object schemas become one parameter per property. */
function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const json = schemaOf(schema, 'input') as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(json.properties ?? {}).map(([name, property]) => {
    const required = where === 'path' || (json.required ?? []).includes(name);
    const parameter: Json = { name, in: where, required, schema: property };
    if (typeof property['description'] === 'string') parameter['description'] = property['description'];
    return parameter;
  });
}

const errorAnswer = (description: string): Json => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorEnvelope' } } },
});

function operationOf(route: Route): Json {
  const plain = route.success instanceof z.ZodString ? 'text/plain' : 'application/json';
  const responses: Json = {
    [route.successStatus ?? 200]: {
      description: 'Success',
      content: {
        [plain]: { schema: schemaOf(route.success, 'output') },
        ...(route.download === undefined ? {} : { [route.download]: { schema: { type: 'string' } } }),
      },
    },
    [faultStatus.invalid]: errorAnswer('Not a valid request'),
    [faultStatus['rate-limited']]: errorAnswer('Too many requests; see Retry-After'),
    default: errorAnswer(route.faults.length > 0 ? `Fault codes: ${route.faults.join(', ')}` : 'A fault'),
  };
  if (route.scope !== 'public') {
    responses[faultStatus.unauthorized] = errorAnswer('No token, or one that is not valid');
    responses[faultStatus.forbidden] = errorAnswer(`The token lacks the scope "${route.scope}"`);
  }
  const parameters = [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')];
  return {
    operationId: route.operationId,
    summary: route.summary,
    tags: [route.tag],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: route.upload
              ? Object.fromEntries(uploadTypes.map((type) => [type, { schema: bytes }]))
              : { 'application/json': { schema: schemaOf(route.body, 'input') } },
          },
        }
      : {}),
    responses,
    security: route.scope === 'public' ? [] : [{ token: [] }, { session: [] }],
    'x-scope': route.scope,
    'x-rate-tier': route.tier,
  };
}

/** A stream shares its path's GET operation, as a second content type; alone it is an operation of its own. */
function addStream(paths: Record<string, Json>, stream: StreamRoute): void {
  const path = templated(stream.path);
  const content = { 'text/event-stream': { schema: schemaOf(stream.event, 'output') } };
  const existing = paths[path]?.['get'] as { responses: Record<string, { content: Json }> } | undefined;
  if (existing?.responses['200']) {
    Object.assign(existing.responses['200'].content, content);
    return;
  }
  paths[path] = {
    ...paths[path],
    get: {
      operationId: stream.operationId,
      summary: stream.summary,
      tags: [stream.tag],
      parameters: [...parametersOf(stream.params, 'path'), ...parametersOf(stream.query, 'query')],
      responses: {
        200: { description: 'A stream of events', content },
        [faultStatus.unauthorized]: errorAnswer('No token, or one that is not valid'),
        default: errorAnswer('A fault'),
      },
      security: [{ token: [] }, { session: [] }],
      'x-scope': stream.scope,
      'x-rate-tier': stream.tier,
    },
  };
}

/** The OpenAPI 3.1 document of these routes. Pure: the same routes give the same document, paths sorted. */
export function openApiDocument(
  routes: readonly Route[],
  version: string,
  streams: readonly StreamRoute[] = [],
): Json {
  const paths: Record<string, Json> = {};
  const sorted = routes.toSorted((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method));
  for (const route of sorted) {
    const path = templated(route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  for (const stream of streams) addStream(paths, stream);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Vigiles',
      version,
      description: 'Self-hosted mission control for AI coding agents.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set([...routes, ...streams].map((route) => route.tag))]
      .toSorted()
      .map((name) => ({ name })),
    paths: Object.fromEntries(Object.entries(paths).toSorted(([a], [b]) => a.localeCompare(b))),
    components: {
      schemas: { ErrorEnvelope: schemaOf(ErrorEnvelope, 'output') },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A device token: vgl_…' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'vigiles_session',
          description: 'A signed-in browser.',
        },
      },
    },
  };
}
