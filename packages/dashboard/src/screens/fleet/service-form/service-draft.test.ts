import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceConfig, VigilesConfig } from '@vigiles/contract';
import type { SchemaNode } from './schema-fields.ts';
import {
  checkValue,
  draftOf,
  draftProblems,
  newCheck,
  serviceEdits,
  serviceSchemaOf,
  type ServiceDraft,
} from './service-draft.ts';

const found = serviceSchemaOf(VigilesConfig.toJSONSchema({ io: 'input' }) as SchemaNode);
assert.ok(found);
const schema = found;

const service = ServiceConfig.parse({
  name: 'web',
  checks: [
    { type: 'http', url: 'http://127.0.0.1:1/', headers: { a: 'b' }, json: [{ path: 'x', value: 1 }] },
    { type: 'tcp', port: 5 },
  ],
});
const change = (edit: (draft: ServiceDraft) => void) => {
  const before = draftOf(schema, service);
  const draft = structuredClone(before);
  edit(draft);
  return serviceEdits(schema, draft, before, 3, 9);
};

test('every kind of check has fields drawn from its schema, each with a label and a hint', () => {
  assert.equal(schema.checks.length, 16);
  for (const { type, title, fields } of schema.checks) {
    assert.ok(title && fields.some(({ key }) => key === 'interval_s'), type);
  }
});

test('a form that nobody touched writes nothing', () => {
  assert.deepEqual(
    change(() => undefined),
    [],
  );
});

test('only what was changed is written, field by field; a default is taken out', () => {
  const edits = change((draft) => {
    draft.fields['failures_to_down'] = '5';
    const [http] = draft.checks;
    if (http) Object.assign(http.fields, { status: '200\n204', headers: '', max_latency_ms: '800' });
  });
  assert.deepEqual(edits, [
    { path: ['watchdog', 'services', 3, 'failures_to_down'], value: 5 },
    { path: ['watchdog', 'services', 3, 'checks', 0, 'status'], value: [200, 204] },
    { path: ['watchdog', 'services', 3, 'checks', 0, 'headers'], value: null },
    { path: ['watchdog', 'services', 3, 'checks', 0, 'max_latency_ms'], value: 800 },
  ]);
});

test('checks are added at the end and taken out from the end', () => {
  const edits = change((draft) => {
    draft.checks = [...draft.checks.slice(1), newCheck(schema, 'heartbeat')];
  });
  assert.deepEqual(edits, [
    { path: ['watchdog', 'services', 3, 'checks', 2], value: { type: 'heartbeat' } },
    { path: ['watchdog', 'services', 3, 'checks', 0], value: null },
  ]);
});

test('a new service is one entry with what differs from the defaults, and valid', () => {
  const before = draftOf(schema, null);
  const draft = structuredClone(before);
  assert.deepEqual([...draftProblems(schema, draft).keys()], ['name']);
  draft.fields['name'] = 'db';
  draft.checks = [newCheck(schema, 'tcp')];
  assert.deepEqual([...draftProblems(schema, draft).keys()], ['checks.0.port']);
  const [tcp] = draft.checks;
  if (tcp) tcp.fields['port'] = '5432';
  const [edit] = serviceEdits(schema, draft, before, null, 0);
  assert.deepEqual(edit, {
    path: ['watchdog', 'services'],
    value: [{ name: 'db', checks: [{ type: 'tcp', port: 5432 }] }],
  });
  assert.ok(Array.isArray(edit?.value) && ServiceConfig.safeParse(edit.value[0]).success);
});

test('predicates on JSON survive the form', () => {
  const [http] = draftOf(schema, service).checks;
  assert.ok(http);
  assert.deepEqual(checkValue(schema, http)['json'], [{ path: 'x', is: 'equals', value: 1 }]);
});
