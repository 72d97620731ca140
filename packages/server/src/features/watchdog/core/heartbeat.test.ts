import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dueAfter } from '../heartbeats/due.ts';
import { judgeHeartbeat, type HeartbeatPast, type HeartbeatRule } from './heartbeat.ts';

const hour = 3_600_000;
const every = (seconds: number, graceS = 0): HeartbeatRule => ({
  dueAfter: (at) => at + seconds * 1000,
  graceMs: graceS * 1000,
});
const past = (more: Partial<HeartbeatPast>): HeartbeatPast => ({
  firstAt: 0,
  lastAt: 0,
  status: 'up',
  message: '',
  deafUntil: null,
  ...more,
});
const result = (more: Partial<HeartbeatPast>, rule: HeartbeatRule, now: number) =>
  judgeHeartbeat(past(more), rule, now).result;

describe('a heartbeat', () => {
  it('is in time until its period and its grace are over', () => {
    assert.equal(result({}, every(60, 30), 90_999), 'up');
    assert.equal(result({}, every(60, 30), 91_000), 'down');
  });

  it('that arrives in the second of its deadline was never late (uptime-kuma#1747)', () => {
    assert.equal(result({}, every(60), 60_000), 'up');
    assert.equal(result({}, every(60), 60_700), 'up');
    assert.equal(result({ lastAt: 60_900 }, every(60), 60_950), 'up');
  });

  it('of a 30 h window is not “up” after 179 h, whatever was restarted meanwhile (uptime-kuma#6069)', () => {
    const rule = every(30 * 3600);
    assert.equal(result({}, rule, 179 * hour), 'down');
    assert.equal(result({ deafUntil: 178 * hour }, rule, 179 * hour), 'pending');
    assert.equal(result({ deafUntil: 100 * hour }, rule, 179 * hour), 'down');
  });

  it('is waited for anew, without a claim, when Vigiles could not have heard it', () => {
    assert.equal(result({ deafUntil: 50_000 }, every(60), 59_000), 'up');
    assert.equal(result({ deafUntil: 50_000 }, every(60), 100_000), 'pending');
    assert.equal(result({ deafUntil: 50_000 }, every(60), 112_000), 'down');
  });

  it('that never came is unknown at first and a failure when it should have come', () => {
    assert.equal(result({ lastAt: null }, every(60), 30_000), 'pending');
    assert.equal(result({ lastAt: null }, every(60), 62_000), 'down');
  });

  it('that says “down” is believed at once', () => {
    const verdict = judgeHeartbeat(past({ status: 'down', message: 'disk full' }), every(60), 1000);
    assert.deepEqual(verdict, { result: 'down', reason: 'disk full' });
  });
});

describe('a schedule', () => {
  const berlin = (schedule: string) => dueAfter({ period_s: 60, schedule, timezone: 'Europe/Berlin' });
  const at = (text: string) => Date.parse(text);

  it('keeps its hour over the change of daylight saving time (healthchecks#912)', () => {
    const due = berlin('0 3 * * *');
    assert.equal(due(at('2026-03-27T03:00:00+01:00')), at('2026-03-28T03:00:00+01:00'));
    assert.equal(due(at('2026-03-28T03:00:05+01:00')), at('2026-03-29T03:00:00+02:00'));
    assert.equal(due(at('2026-10-24T03:00:05+02:00')), at('2026-10-25T03:00:00+01:00'));
  });

  it('takes one that comes a little early for the one that is due', () => {
    assert.equal(berlin('0 3 * * *')(at('2026-06-01T02:59:58+02:00')), at('2026-06-02T03:00:00+02:00'));
  });
});
