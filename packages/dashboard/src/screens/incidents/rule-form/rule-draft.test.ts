import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ActionInfo, FaultView } from '@vigiles/contract';
import { FaultEntry } from '@vigiles/contract';
import type { SchemaNode } from '../../fleet/service-form/schema-fields.ts';
import { conditionText, readCondition } from './condition.ts';
import { exampleDraft, exampleValue } from './example-text.ts';
import { lineDiff } from '../../../ui/line-diff.ts';
import { draftOf, newDetector, ruleSchemaOf, ruleValue } from './rule-draft.ts';

const published = JSON.parse(
  readFileSync(new URL('../../../../../../docs/reference/faults.schema.json', import.meta.url), 'utf8'),
) as SchemaNode;
const schema = ruleSchemaOf(published) ?? assert.fail('the schema has no faults');
const actions = [
  {
    id: 'alert_user',
    params: {
      type: 'object',
      properties: { kind: { enum: ['disk', 'memory'] }, times: { type: 'integer' } },
    },
  },
] as unknown as ActionInfo[];

test('every type of detector has its fields, those of its window and scope among them', () => {
  const types = schema.detectors.map(({ type }) => type);
  assert.deepEqual(
    types,
    'log event state process resource http agent ping systemd tcp dns tls heartbeat container sql script json_file prediction'.split(
      ' ',
    ),
  );
  const log = schema.detectors[0]?.fields.map(({ key }) => key);
  assert.deepEqual(
    log,
    'signal window.count window.within_s window.consecutive window.reset_on hold_s literal regex ignore_case scope.source scope.stream scope.level scope.field'.split(
      ' ',
    ),
  );
  for (const { fields } of schema.detectors) assert.ok(fields.every(({ label }) => label !== ''));
});

const entry = FaultEntry.parse({
  id: 'OWN-1',
  title: 'The queue is stuck',
  applies_to: { class: ['service', 'host'], target: ['worker-*'], labels: { team: 'a' } },
  detectors: [
    {
      type: 'log',
      signal: 'stuck',
      literal: 'STUCK: 1',
      scope: { source: ['service:*'] },
      window: { count: 3 },
    },
    {
      type: 'event',
      signal: 'refused',
      event: 'call.failed',
      where: { cause: ['auth', 'expired'], status: { above: 400 }, text: '401', odd: null },
    },
    { type: 'resource', signal: 'large', metric: 'memory_mb', above: 800 },
  ],
  when: 'stuck and (refused or large)',
  mild_when: 'large',
  tier1: [{ action: 'alert_user', params: { kind: 'disk', times: 2 }, next: 'always', for: ['service'] }],
  escalate: { after: 3, to: 'ai', advice: 'Look.' },
  verify: { by: 'quiet', quiet_s: 30 },
  docs: { what: 'a', seen: 'b', done: 'c', person: 'd' },
  examples: {
    match: [
      'STUCK: 1',
      {
        title: 'Both',
        class: 'host',
        steps: [
          { log: 'STUCK: 1', times: 3 },
          { input: 'resource.memory_mb', fields: { value: 900 } },
        ],
      },
    ],
    nomatch: ['fine'],
  },
});

test('an entry comes back from its form as it was', () => {
  const draft = draftOf(schema, actions, entry as FaultView);
  assert.deepEqual(FaultEntry.parse(ruleValue(schema, actions, draft)), entry);
  assert.match(
    JSON.stringify(ruleValue(schema, actions, draft)),
    /^(?!.*clear_after_s)/,
    'defaults are left out',
  );
});

test('a new rule says when, how it is seen and what is done by itself', () => {
  const draft = draftOf(schema, actions, null);
  Object.assign(draft.fields, { id: 'OWN-2', title: 'It is slow', 'docs.what': 'a', 'docs.person': 'b' });
  Object.assign(draft.detectors[0]?.fields ?? {}, { literal: 'too slow' });
  const state = newDetector(schema, 'state', 'dead');
  state.fields['state'] = 'process_dead';
  draft.detectors.push(state);
  draft.match = [{ text: 'it is too slow\nit is too slow\n{"input":"state.process_dead"}', kept: {} }];
  const value = ruleValue(schema, actions, draft);
  const { when, docs, detectors } = FaultEntry.parse(value);
  assert.deepEqual(
    [when, docs.seen, docs.done],
    ['seen and dead', 'By log: too slow; state: process_dead.', 'A person is told.'],
  );
  assert.deepEqual(
    detectors.map(({ type }) => type),
    ['log', 'state'],
  );
  assert.deepEqual((value['examples'] as { match: unknown }).match, [
    { steps: [{ log: 'it is too slow', times: 2 }, { input: 'state.process_dead' }] },
  ]);
});

test('conditions are read as what they look like, and quoted where they are text', () => {
  const value = { a: 1, b: '1', c: 'x: y', d: ['p', 2], e: { above: 1, below: 2.5 }, f: true, g: '[a]' };
  assert.deepEqual(readCondition(conditionText(value)), value);
  assert.deepEqual(readCondition('cause: [auth, 5]\nvalue: above 3\nname'), {
    cause: ['auth', 5],
    value: { above: 3 },
    name: '',
  });
});

test('a log line that looks like JSON stays a log line', () => {
  for (const line of ['{"level":"error"}', '{broken', ' indented'])
    assert.equal(exampleValue(exampleDraft(line)), line);
  assert.equal(exampleValue({ text: ' \n', kept: {} }), null);
});

test('the difference of two files has what was added, removed and changed, and little around it', () => {
  const said = (before: string, after: string) =>
    lineDiff(before, after).map(({ sign, text }) => sign + text);
  assert.deepEqual(said('a\nb\nc\nd\ne\n', 'a\nb\nC\nd\ne\nf\n'), [' a', ' b', '-c', '+C', ' d', ' e', '+f']);
  assert.deepEqual(said('', 'x\n'), ['+x']);
  assert.deepEqual(said('x\ny\n', 'y\n'), ['-x', ' y']);
  assert.deepEqual(said('x\n', 'x\n'), []);
  const many = Array.from({ length: 2000 }, (_, at) => `l${at}`).join('\n');
  assert.equal(lineDiff(many, `z${many}z`).length, 4000, 'bounded work');
});
