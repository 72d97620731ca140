import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QuietHoursConfig, type Incident, type Notification, type VigilesEvent } from '@vigiles/contract';
import { decideBatch, type Waiting } from './batch.ts';
import { csvCell } from '../../../kernel/csv-cell.ts';
import { exportHistory } from './export.ts';
import { fits } from './filter.ts';
import { notice, noticeOf, toldEvents } from './notice.ts';
import { retryWait, take } from './pace.ts';
import { quietNow } from './quiet.ts';
import { plain, render, shortenBytes } from './render.ts';
import { followIncident, type Thread } from './thread.ts';

const utc = (text: string) => Date.parse(`${text}Z`);
const span = (more: object) =>
  QuietHoursConfig.parse({ from: '22:00', to: '07:00', time_zone: 'Europe/Berlin', ...more });
const until = (at: string, ...spans: QuietHoursConfig[]) => {
  const quiet = quietNow(spans, false, utc(at));
  return quiet === null ? null : new Date(quiet.until).toISOString().slice(0, 16);
};

test('a quiet night ends by the clock on the wall, also when that is set in it', () => {
  assert.equal(until('2026-01-10T20:59', span({})), null);
  assert.equal(until('2026-01-10T21:00', span({})), '2026-01-11T06:00');
  assert.equal(until('2026-01-11T05:59', span({})), '2026-01-11T06:00');
  assert.equal(until('2026-01-11T06:00', span({})), null);
  // 2026-03-29 02:00 CET becomes 03:00 CEST; 2026-10-25 03:00 CEST becomes 02:00 CET.
  assert.equal(until('2026-03-28T22:30', span({})), '2026-03-29T05:00');
  assert.equal(until('2026-10-24T21:30', span({})), '2026-10-25T06:00');
  // An end that the wall clock leaps over: the first minute after it.
  assert.equal(until('2026-03-29T00:30', span({ from: '01:00', to: '02:30' })), '2026-03-29T01:00');
});

test('quiet days are those on which the night begins, and spans that touch are one', () => {
  const weekend = span({ days: ['fri'] });
  assert.equal(until('2026-01-10T03:00', weekend), '2026-01-10T06:00');
  assert.equal(until('2026-01-11T03:00', weekend), null);
  assert.equal(until('2026-01-10T22:00', span({}), span({ from: '07:00', to: '09:00' })), '2026-01-11T08:00');
  assert.equal(quietNow([span({})], true, utc('2026-01-10T22:00')), null);
  assert.notEqual(quietNow([span({ except: 'nothing' })], true, utc('2026-01-10T22:00')), null);
});

const incident = (change: Partial<Incident>): Incident => ({
  id: 'inc_1',
  service: 'api',
  target: 'api',
  target_class: 'service',
  fault_id: null,
  fingerprint: null,
  tier: null,
  suggestion: null,
  fault_code: 'service.dead',
  title: 'api is dead',
  severity: 'critical',
  state: 'open',
  outcome: null,
  opened_at: 0,
  closed_at: null,
  acknowledged_by: null,
  occurrences: 1,
  timeline: [],
  ...change,
});

test('an incident’s story is told step by step, each once, and again when it comes back', () => {
  const steps: Partial<Incident>[] = [
    { state: 'open' },
    { state: 'acting' },
    { state: 'needs_person' },
    { state: 'needs_person', occurrences: 9 },
    { state: 'needs_person', acknowledged_by: 'me' },
    { state: 'verifying', acknowledged_by: 'me' },
    { state: 'closed', acknowledged_by: 'me', outcome: 'fixed' },
    { state: 'closed', acknowledged_by: 'me', outcome: 'fixed' },
    { state: 'open', acknowledged_by: null, outcome: 'not_fixed' },
  ];
  let thread: Thread | null = null;
  const told: string[] = [];
  for (const [i, change] of steps.entries()) {
    const step = followIncident(thread, incident(change), 'watchdog', i * 1000);
    thread = step?.thread ?? thread;
    told.push(step?.notice?.phase ?? '');
  }
  assert.deepEqual(told, ['opened', '', 'needs_person', '', 'acknowledged', '', 'resolved', '', 'opened']);
  assert.equal(thread?.round, 2);
  assert.equal(followIncident(null, incident({ state: 'closed' }), 'x', 0), null);
});

const waits = (id: string, more: Partial<Waiting> = {}): Waiting => ({
  id,
  role: 'first',
  phase: 'opened',
  severity: 'warning',
  incidentId: id,
  createdAt: 0,
  nextAt: 0,
  ...more,
});
const rules = { now: 10, summaryAbove: 2, tracks: false, told: new Set<string>(), quiet: () => null };

test('a channel that follows incidents by itself gets each step, and nothing of what was over before it was told', () => {
  const waiting = [
    waits('a1', { incidentId: 'a' }),
    waits('a2', { incidentId: 'a', phase: 'resolved', createdAt: 1 }),
    waits('b2', { incidentId: 'b', phase: 'resolved', createdAt: 1 }),
    waits('c'),
    waits('d'),
  ];
  const batch = decideBatch(waiting, { ...rules, tracks: true, told: new Set(['b']) });
  assert.deepEqual(batch.send, [['c'], ['d'], ['b2']]);
  assert.deepEqual(
    batch.drop.map(({ id }) => id),
    ['a1', 'a2'],
  );
});

test('what is not due comes along with its own incident only', () => {
  const waiting = [
    waits('a1', { incidentId: 'a' }),
    waits('a2', { incidentId: 'a', phase: 'resolved', createdAt: 5, nextAt: 20 }),
    waits('b', { nextAt: 20 }),
  ];
  assert.deepEqual(decideBatch(waiting, rules).send, [['a2']]);
});

test('waits grow, are heeded where the service asks, and have an end; a bucket refills evenly', () => {
  assert.deepEqual(
    [1, 2, 3, 8, 99].map((attempts) => retryWait(attempts, undefined)),
    [5000, 10_000, 20_000, 600_000, 600_000],
  );
  assert.deepEqual([retryWait(1, 30_000), retryWait(1, 1e12)], [30_000, 3_600_000]);
  const bucket = { tokens: 10, at: 0 };
  assert.deepEqual([take(bucket, 1, 0), take(bucket, 1, 0), take(bucket, 1, 60_000)], [null, 60_000, null]);
});

test('patterns match parts of names and nothing else', () => {
  for (const [pattern, name, wanted] of [
    ['api', 'api', true],
    ['api', 'api2', false],
    ['*', '', true],
    ['a*c*e', 'abcde', true],
    ['a*c*e', 'ae', false],
    ['a*a', 'a', false],
    ['.*', 'x', false],
  ] as const)
    assert.equal(fits(pattern, name), wanted, `${pattern} ${name}`);
});

test('text is cut within no character, and what is not seen is taken out', () => {
  assert.equal(plain('a\u0000\u202Eb\r\nc\u200B', 10), 'ab\nc');
  assert.equal(plain('😀😀😀', 4), '😀…');
  assert.ok(Buffer.byteLength(shortenBytes('é'.repeat(100), 41)) <= 41);
});

test('a template is filled in once: what is filled in is not read as a template', () => {
  const said = notice({
    kind: 'alert',
    severity: 'info',
    title: '{message}',
    message: '{severity}',
    actor: 'a',
    at: 0,
  });
  const message = render([said], {
    id: 'x',
    title: '[{severity}] {title}',
    message: '{nothing} {message}',
    reminder: false,
    link: null,
  });
  assert.deepEqual([message.title, message.body], ['[info] {message}', '{nothing} {severity}']);
});

const entry: Notification = {
  id: 'toast-1',
  type: 'error',
  title: '=cmd|"/c calc"!A1',
  message: '@SUM(1)\n| cell | <img src=x>',
  duration_ms: 0,
  sticky: false,
  created_at: 0,
  timestamp: '1970-01-01T00:00:00.000Z',
  kind: 'alert',
  severity: 'critical',
  phase: 'single',
  service: '-1+2',
  fault: null,
  incident_id: null,
  actor: 'a',
  deliveries: [],
};

test('no cell of an export is a formula, another cell or markup', () => {
  const csv = exportHistory([entry], 'csv', 0).content;
  assert.match(csv, /"'=cmd\|""\/c calc""!A1"/);
  assert.match(csv, /"'@SUM\(1\)\n/);
  assert.match(csv, /"'-1\+2"/);
  for (const text of ['=1', '+1', '-1', '@a', '\t=1', ' =1', '＝1']) assert.match(csvCell(text), /^"'/, text);
  assert.equal(csvCell('plain'), 'plain');
  const { content, filename } = exportHistory([entry], 'markdown', 0);
  assert.equal(filename, 'notifications-1970-01-01.md');
  assert.equal(content.trim().split('\n').length, 3);
  assert.doesNotMatch(content, /<img|\| cell \|/);
});

test('that the watchdog stops acting by itself is told, and when it does again', () => {
  const guard = (target: string) => ({
    target,
    restarts_in_window: 5,
    max_restarts: 5,
    window_s: 600,
    breaker_open_until: 1,
    cooldowns: [],
  });
  const event = (type: string, data: object): VigilesEvent =>
    ({ seq: 1, id: 'evt_1', ts: 7, type, actor: 'watchdog', subject: 'api', data }) as VigilesEvent;
  const tripped = noticeOf(
    event('guard.tripped', { guard: guard('api'), reason: '5 restarts in 10 minutes' }),
  );
  assert.deepEqual(
    [tripped?.severity, tripped?.title, tripped?.message, tripped?.service],
    ['warning', 'The watchdog stops acting on api by itself', '5 restarts in 10 minutes', 'api'],
  );
  const storm = noticeOf(event('guard.tripped', { guard: guard('*'), reason: 'a storm' }));
  assert.deepEqual([storm?.severity, storm?.service], ['critical', null]);
  const closed = noticeOf(event('guard.closed', { guard: guard('api') }));
  assert.deepEqual([closed?.severity, closed?.type], ['info', 'success']);
  assert.ok(toldEvents.includes('guard.tripped'));
});

test('a device that nears a quota is told of with how much it used, and nobody is alarmed by half of it', () => {
  const reached = (percent: number) =>
    noticeOf({
      seq: 1,
      id: 'evt_1',
      ts: 7,
      type: 'quota.reached',
      actor: 'quotas',
      subject: 'device:dev_1',
      data: {
        device_id: 'dev_1',
        device_name: 'phone',
        quota: 'web_requests',
        period: 'daily',
        threshold_percent: percent,
        used: percent / 10,
        limit: 10,
        resets_at: 86_400_000,
      },
    });
  assert.deepEqual(
    [reached(90)?.severity, reached(90)?.title, reached(90)?.message],
    ['warning', 'The daily web_requests of phone is used up to 90 %', '9 of 10 are used.'],
  );
  assert.equal(reached(50)?.severity, 'info');
  assert.ok(toldEvents.includes('quota.reached'));
});
