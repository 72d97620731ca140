import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ErrorEnvelope } from '@vigiles/contract';
import { request } from 'undici';
import {
  deepBodies,
  hostileBodies,
  hostileIds,
  hostileValues,
  leastOf,
  type HostileBody,
  type JsonSchema,
} from '../testing/hostile-bodies.ts';
import { startTestControl } from '../testing/test-control.ts';
import { healing } from './healing.ts';

/** As much as anybody may ask: what is tested is what is refused, not how often. */
const often = '{ per_minute: 1000000, per_hour: 1000000, per_day: 1000000, cooldown_s: 0 }';
const marked = 'marked-secret-of-bad-input-5150';
const served = await startTestControl({
  yaml: `
gateway: { enabled: false }
watchdog: { enabled: false }
limits: { attached: ${often}, light: ${often}, standard: ${often}, heavy: ${often}, expensive: ${often} }
plugins: { enabled: true }
mail:
  enabled: true
  from: me@example.com
  transport: { type: smtp, host: 127.0.0.1, port: 1, username: me, password: ${marked} }
notion: { enabled: true, token: ${marked}, poll_minutes: 0 }
github: { webhook: { secret: ${marked} } }
`,
  extend: [healing],
});
after(() => served.close());

interface Operation {
  method: string;
  path: string;
  schema: JsonSchema | undefined;
  query: string[];
}

interface OperationDocument {
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  parameters?: { name: string; in: string }[];
}

const { paths } = (
  await served.call<{ paths: Record<string, Record<string, OperationDocument>> }>('GET', '/openapi.json')
).body;
const operations: Operation[] = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { requestBody, parameters = [] }]) => ({
    method: method.toUpperCase(),
    path,
    schema: requestBody?.content['application/json']?.schema,
    query: parameters.filter((one) => one.in === 'query').map(({ name }) => name),
  })),
);
const filled = (path: string, id: string): string => path.replaceAll(/\{\w+\}/g, id);

/** What devices changed since the last look; what Vigiles does by itself meanwhile is not theirs. */
let writes: string[] = [];
served.control.events.subscribe(({ type, actor }) => {
  if (actor.startsWith('device:')) writes.push(type);
});

const problems: string[] = [];
/** Asks, and looks at the answer: an error is one of ours, with its code, and without anything of the inside. */
async function ask({ method, path }: Operation, to: string, what: string, body?: HostileBody): Promise<void> {
  writes = [];
  const response = await request(served.url + to, {
    method,
    headers: {
      authorization: `Bearer ${served.admin}`,
      ...(body ? { 'content-type': body.contentType } : {}),
    },
    ...(body ? { body: body.text } : {}),
  });
  // A stream of events does not end by itself.
  const endless = String(response.headers['content-type']).startsWith('text/event-stream');
  if (endless) response.body.destroy();
  const text = endless ? '' : await response.body.text();
  const wrong = (why: string) =>
    problems.push(`${method} ${path}, ${what}: ${response.statusCode} ${why}: ${text.slice(0, 200)}`);
  // 503 where something is switched off here, and said to be; 504 where the machine has too much to do.
  if (response.statusCode >= 500 && ![503, 504].includes(response.statusCode)) wrong('is a failure of ours');
  if (/\.[jt]s:\d/.test(text) && /\bat .*[/(].*\.[jt]s:\d+/.test(text)) wrong('shows a stack');
  if (text.includes(marked)) wrong('shows a secret');
  if (response.statusCode >= 400) {
    const answer = JSON.parse(text) as { error?: unknown };
    // RFC 6749 §5.2 has a form of its own.
    const known = path.startsWith('/oauth/') && !path.includes('{') && typeof answer.error === 'string';
    if (!known && !ErrorEnvelope.safeParse(answer).success) wrong('is not the envelope');
    if (writes.length > 0) wrong(`wrote ${writes.join(', ')}`);
  } else if (body && !body.valid) wrong('was taken');
}

const changing = operations.filter(({ method }) => method !== 'GET');
const bodiesOf = ({ schema, path }: Operation): HostileBody[] => [
  ...hostileBodies(schema, !path.startsWith('/api/v1')),
];

test('a body that no schema allows is answered with a clear error, and changes nothing', async () => {
  for (const operation of changing)
    for (const body of bodiesOf(operation).filter(({ valid }) => !valid))
      await ask(operation, filled(operation.path, 'nobody'), body.what, body);
  assert.deepEqual(problems.splice(0), []);
  assert.ok(changing.length > 100);
});

test('a hostile id in a path leads nowhere', async () => {
  for (const operation of operations.filter(({ path }) => path.includes('{'))) {
    const text = operation.schema && JSON.stringify(leastOf(operation.schema));
    const body = text && { what: '', text, contentType: 'application/json', valid: true };
    for (const id of hostileIds)
      await ask(operation, filled(operation.path, id), id.slice(0, 40), body || undefined);
  }
  assert.deepEqual(problems.splice(0), []);
});

test('a hostile value of a query is answered with no more than a clear error', async () => {
  for (const operation of operations.filter(({ method }) => method === 'GET'))
    for (const name of operation.query)
      for (const value of hostileValues)
        await ask(operation, `${filled(operation.path, 'nobody')}?${name}=${value}`, `${name}=${value}`);
  assert.deepEqual(problems.splice(0), []);
});

test('odd values that a schema allows are taken or refused, and neither they nor what is made of them is a failure', async () => {
  await served.call('POST', '/api/v1/sessions', { body: { session_id: 'nobody', agent: 'a' } });
  for (const operation of changing)
    for (const body of [
      ...bodiesOf(operation).filter(({ valid }) => valid),
      ...(operation.schema ? deepBodies(operation.schema) : []),
    ])
      await ask(operation, filled(operation.path, 'nobody'), body.what, body);
  for (const operation of operations.filter(({ method }) => method === 'GET'))
    await ask(operation, filled(operation.path, 'nobody'), 'afterwards');
  assert.deepEqual(problems.splice(0), []);
});
