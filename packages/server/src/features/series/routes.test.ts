import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { SeriesAnswer, SeriesEntry, SeriesMarker } from '@vigiles/contract';
import { startTestControl, type TestControl } from '../../testing/test-control.ts';

describe('the API of the history', () => {
  let control: TestControl;
  const now = Date.now();
  before(async () => {
    control = await startTestControl();
    const { series } = control.control;
    for (let at = 0; at < 600; at += 1) {
      series.add('latency', 'web', now - at * 1000, 20, at < 60 ? 'DOWN' : 'UP');
      series.add('memory', 'web', now - at * 1000, 1e8);
      series.add('latency', 'db', now - at * 1000, 5, 'UP');
    }
    await series.settled();
  });
  after(() => control.close());

  it('answers several targets and figures in one call, as finely as it is asked', async () => {
    const { status, body } = await control.call<SeriesAnswer>(
      'GET',
      `/api/v1/series?name=latency&name=memory&target=web&target=db&from=${now - 599_000}&to=${now}&points=10`,
    );
    assert.equal(status, 200);
    assert.deepEqual(
      body.lines.map(({ name, target, unit }) => [name, target, unit]),
      [
        ['latency', 'web', 'ms'],
        ['latency', 'db', 'ms'],
        ['memory', 'web', 'bytes'],
      ],
    );
    const [web] = body.lines;
    assert.equal(body.step_ms, 60_000);
    assert.equal(web?.avg.length, body.buckets);
    assert.equal(web?.summary.looks.down, 60);
    assert.equal(web?.summary.uptime, 0.9);
  });

  it('lists what there is page by page', async () => {
    type Page = { series: SeriesEntry[]; next: string | null };
    const first = await control.call<Page>('GET', '/api/v1/series/names?name=latency&limit=1');
    assert.deepEqual(
      first.body.series.map(({ target }) => target),
      ['db'],
    );
    const next = encodeURIComponent(first.body.next ?? '');
    const second = await control.call<Page>('GET', `/api/v1/series/names?name=latency&limit=1&after=${next}`);
    assert.deepEqual(
      second.body.series.map(({ target }) => target),
      ['web'],
    );
    assert.equal(second.body.next, null);
  });

  it('draws sparklines of all targets at once', async () => {
    const { body } = await control.call<{ lines: { target: string; values: (number | null)[] }[] }>(
      'GET',
      '/api/v1/series/sparklines?minutes=5',
    );
    assert.deepEqual(body.lines.map(({ target }) => target).sort(), ['db', 'web']);
    assert.equal(
      body.lines.every(({ values }) => values.length === 5 && values.includes(20) !== values.includes(5)),
      true,
    );
  });

  it('exports samples as CSV', async () => {
    const answer = await control.call<string>(
      'GET',
      `/api/v1/series/export.csv?name=latency&target=web&from=${now - 60_500}&to=${now}`,
    );
    assert.match(answer.headers.get('content-type') ?? '', /^text\/csv/);
    const lines = answer.body.trim().split('\n');
    assert.equal(lines[0], 'time,utc_ms,value,state');
    assert.equal(lines.length, 62);
    assert.ok(lines.at(-1)?.endsWith(`,${now},20,DOWN`));
  });

  it('a deploy that is marked is on the charts of its target and of all; a reader may not mark', async () => {
    const reader = await control.token('read');
    const body = { title: 'web v1.4.2', target: 'web', at: now - 5000 };
    assert.equal((await control.call('POST', '/api/v1/markers', { token: reader, body })).status, 403);
    const marked = await control.call<SeriesMarker>('POST', '/api/v1/markers', { body });
    assert.deepEqual([marked.status, marked.body.from], [201, now - 5000]);
    await control.call('POST', '/api/v1/markers', { body: { title: 'all of it' } });
    const titles = async (query: string) =>
      (
        await control.call<{ markers: SeriesMarker[] }>('GET', `/api/v1/markers${query}`)
      ).body.markers.flatMap(({ kind, title }) => (kind === 'deploy' ? title : []));
    assert.deepEqual(await titles(''), ['web v1.4.2', 'all of it']);
    assert.deepEqual(await titles('?target=db'), ['all of it']);
    assert.deepEqual(await titles(`?to=${now - 4000}`), ['web v1.4.2']);
    for (const at of [now - 2 * 86_400_000, now + 3_600_000])
      assert.equal((await control.call('POST', '/api/v1/markers', { body: { title: 'x', at } })).status, 400);
  });

  it('refuses a span that ends before it begins, names nobody has, and who may not read', async () => {
    const bad = await control.call('GET', `/api/v1/series?target=web&from=${now}&to=${now - 1}`);
    assert.equal(bad.status, 400);
    const odd = await control.call('GET', `/api/v1/series?target=${encodeURIComponent('a\nb')}`);
    assert.equal(odd.status, 400);
    const none = await control.call<SeriesAnswer>('GET', '/api/v1/series?target=nobody');
    assert.deepEqual(none.body.lines, []);
    assert.equal((await control.call('GET', '/api/v1/series', { token: null })).status, 401);
  });
});
