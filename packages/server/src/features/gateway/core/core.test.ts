import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assert as check,
  constantFrom,
  dictionary,
  jsonValue,
  property,
  string,
  uint8Array,
} from 'fast-check';
import { RouteConfig, RoutingPolicyConfig } from '@vigiles/contract';
import { lastEventEnd } from './event-boundary.ts';
import { planRoute, type RoutableProvider, type RoutePlan } from './route/plan-route.ts';
import { readRequestHead, replaceModel } from './request-head.ts';
import { scanJsonObject } from './scan-json.ts';

test('the scan finds the same top-level values as JSON.parse, in any JSON object', () => {
  check(
    property(dictionary(string(), jsonValue()), constantFrom(0, 2), (object, indent) => {
      const parsed = JSON.parse(JSON.stringify(object)) as Record<string, unknown>;
      const keys = Object.keys(parsed).filter((key) => /^[ -!#-[\]-~]*$/.test(key));
      const bytes = Buffer.from(JSON.stringify(object, null, indent));
      const spans = scanJsonObject(bytes, new Set(keys));
      assert.ok(typeof spans !== 'string');
      for (const key of keys) {
        const span = spans.get(key);
        assert.ok(span);
        assert.deepEqual(JSON.parse(bytes.toString('utf8', span.start, span.end)), parsed[key]);
      }
    }),
  );
});

test('a cut or garbled body is refused or read, never a crash', () => {
  const whole = '{"model":"m","messages":[{"content":"a\\"b\\\\"}],"stream":true}';
  for (let length = 0; length < whole.length; length += 1) {
    assert.equal(typeof readRequestHead(Buffer.from(whole.slice(0, length))), 'string');
  }
  check(property(uint8Array(), (bytes) => void readRequestHead(Buffer.from(bytes))));
});

test('replacing the model keeps every other byte', () => {
  const body = Buffer.from('{"x":"model","model":"a/b","y":[{"model":"a/b"}]}');
  const head = readRequestHead(body);
  assert.ok(typeof head !== 'string');
  const replaced = replaceModel(body, head.modelSpan, 'new "name"').toString();
  assert.equal(replaced, '{"x":"model","model":"new \\"name\\"","y":[{"model":"a/b"}]}');
});

test('the end of the last whole event is found for every kind of line end', () => {
  const cases: [string, number][] = [
    ['', 0],
    ['data: a', 0],
    ['data: a\n', 0],
    ['data: a\n\n', 9],
    ['data: a\n\ndata: b', 9],
    ['data: a\r\n\r\n', 11],
    ['data: a\r\n\r', 0],
    ['data: a\r\rdata', 9],
    ['data: a\n\r\nx', 10],
  ];
  for (const [text, end] of cases) assert.equal(lastEventEnd(Buffer.from(text)), end, JSON.stringify(text));
});

const policy = RoutingPolicyConfig.parse({});

const provider = (id: string, more: Partial<RoutableProvider> = {}): RoutableProvider => ({
  id,
  models: [],
  modelsComplete: false,
  configured: true,
  failing: false,
  side: 'cloud',
  named: [],
  ...more,
});

const place = (plan: RoutePlan) => plan.ok && [plan.provider, plan.upstreamModel, plan.why];

test('routes come first, then the prefix, then who lists the model, then the default', () => {
  const providers = [
    provider('a'),
    provider('b', { models: ['big'] }),
    provider('demo', { configured: false }),
  ];
  const plan = (model: string, defaultProvider?: string) =>
    planRoute({
      model,
      defaultProvider,
      providers,
      policy,
      routes: [
        RouteConfig.parse({ model: 'gpt-*', provider: 'b', upstream_model: 'big' }),
        RouteConfig.parse({ model: 'a/special', provider: 'b' }),
      ],
    });
  assert.deepEqual(place(plan('gpt-9')), ['b', 'big', 'route']);
  assert.deepEqual(place(plan('a/special')), ['b', 'a/special', 'route']);
  assert.deepEqual(place(plan('a/x/y')), ['a', 'x/y', 'prefix']);
  assert.deepEqual(place(plan('big')), ['b', 'big', 'listed']);
  assert.deepEqual(place(plan('other')), ['a', 'other', 'default']);
  assert.deepEqual(place(plan('other', 'b')), ['b', 'other', 'default']);
});

test('a default that works is preferred, and one that listed its models is not asked for others', () => {
  const plan = (providers: RoutableProvider[]) =>
    planRoute({ model: 'm', routes: [], policy, defaultProvider: undefined, providers });
  const failing = plan([provider('a', { failing: true }), provider('b')]);
  assert.equal(failing.ok && failing.provider, 'b');
  const complete = plan([provider('a', { models: ['x'], modelsComplete: true })]);
  assert.ok(!complete.ok);
  assert.match(complete.message, /a\/x/);
  const none = plan([provider('ollama', { configured: false }), provider('demo', { configured: false })]);
  assert.equal(none.ok && none.provider, 'demo');
});
