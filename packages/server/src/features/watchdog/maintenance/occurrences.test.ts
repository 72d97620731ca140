import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MaintenanceConfig } from '@vigiles/contract';
import { occurrencesOf } from './occurrences.ts';

const at = (text: string) => Date.parse(text);
const spans = (config: object) => occurrencesOf(MaintenanceConfig.parse(config));
const told = (span: { from: number; to: number } | null) =>
  span && [new Date(span.from).toISOString(), new Date(span.to).toISOString()];

describe('maintenance windows', () => {
  it('a single one is open between its ends and never again', () => {
    const window = spans({ from: '2026-05-01T22:00:00+02:00', to: '2026-05-02T01:00:00+02:00' });
    assert.deepEqual(told(window(at('2026-04-01T00:00:00Z'))), [
      '2026-05-01T20:00:00.000Z',
      '2026-05-01T23:00:00.000Z',
    ]);
    assert.equal(window(at('2026-05-01T23:00:00Z')), null);
  });

  it('one that began yesterday evening is still open after midnight (gatus#1815)', () => {
    const nightly = spans({ from: '23:00', to: '02:00', time_zone: 'UTC' });
    assert.deepEqual(told(nightly(at('2026-06-10T01:30:00Z'))), [
      '2026-06-09T23:00:00.000Z',
      '2026-06-10T02:00:00.000Z',
    ]);
    // Its end is not part of it: the next one is tonight's.
    assert.deepEqual(told(nightly(at('2026-06-10T02:00:00Z'))), [
      '2026-06-10T23:00:00.000Z',
      '2026-06-11T02:00:00.000Z',
    ]);
    const friday = spans({ from: '22:00', to: '06:00', weekdays: ['fri'], time_zone: 'UTC' });
    // 2026-06-13 is a Saturday: it belongs to Friday's window.
    assert.deepEqual(told(friday(at('2026-06-13T05:00:00Z'))), [
      '2026-06-12T22:00:00.000Z',
      '2026-06-13T06:00:00.000Z',
    ]);
  });

  it('keeps its hour on the wall when clocks change, in both directions (uptime-kuma#6233, healthchecks#912)', () => {
    const nightly = spans({ from: '03:30', to: '04:30', time_zone: 'Europe/Berlin' });
    assert.deepEqual(told(nightly(at('2026-03-27T12:00:00Z'))), [
      '2026-03-28T02:30:00.000Z',
      '2026-03-28T03:30:00.000Z',
    ]);
    assert.deepEqual(told(nightly(at('2026-03-28T12:00:00Z'))), [
      '2026-03-29T01:30:00.000Z',
      '2026-03-29T02:30:00.000Z',
    ]);
    assert.deepEqual(told(nightly(at('2026-10-25T00:00:00Z'))), [
      '2026-10-25T02:30:00.000Z',
      '2026-10-25T03:30:00.000Z',
    ]);
  });

  it('a night on which clocks change is an hour shorter or longer, and its ends stay', () => {
    const nightly = spans({ from: '22:00', to: '06:00', time_zone: 'Europe/Berlin' });
    const spring = nightly(at('2026-03-29T00:30:00Z'));
    const autumn = nightly(at('2026-10-25T00:30:00Z'));
    assert.equal(spring && (spring.to - spring.from) / 3_600_000, 7);
    assert.equal(autumn && (autumn.to - autumn.from) / 3_600_000, 9);
  });

  it('an hour that the change leaves out still begins a window', () => {
    const gap = spans({ from: '02:30', to: '03:30', time_zone: 'Europe/Berlin' });
    const span = gap(at('2026-03-29T00:00:00Z'));
    assert.ok(span && span.to > span.from);
    assert.equal(new Date(span.from).toISOString().slice(0, 13), '2026-03-29T01');
  });

  it('a cron window lasts as long as it says, also over several days', () => {
    const monthly = spans({ cron: '0 20 1 * *', duration_min: 2880, time_zone: 'America/New_York' });
    assert.deepEqual(told(monthly(at('2026-07-03T12:00:00Z'))), [
      '2026-07-02T00:00:00.000Z',
      '2026-07-04T00:00:00.000Z',
    ]);
  });

  it('the same hour twice is a whole day', () => {
    const sundays = spans({ from: '00:00', to: '00:00', weekdays: ['sun'], time_zone: 'UTC' });
    assert.deepEqual(told(sundays(at('2026-06-14T12:00:00Z'))), [
      '2026-06-14T00:00:00.000Z',
      '2026-06-15T00:00:00.000Z',
    ]);
  });
});

describe('what a window may say', () => {
  const problem = (config: object) => MaintenanceConfig.safeParse(config).error?.issues[0]?.message ?? '';
  it('names what is missing or does not go together', () => {
    assert.match(problem({ from: '22:00' }), /missing/);
    assert.match(problem({ from: '22:00', to: '2026-05-01T22:00:00Z' }), /same kind/);
    assert.match(problem({ from: 'tomorrow', to: 'later' }), /neither HH:MM/);
    assert.match(problem({ cron: '0 0 * * *' }), /needs its length/);
    assert.match(problem({ cron: '0 0 * * *', duration_min: 5, from: '22:00', to: '23:00' }), /stands alone/);
    assert.match(problem({ from: '22:00', to: '23:00', time_zone: 'Mars/Olympus' }), /IANA/);
    assert.equal(problem({ from: '22:00', to: '23:00', weekdays: ['mon'] }), '');
  });
});
