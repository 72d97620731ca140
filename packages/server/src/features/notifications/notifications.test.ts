import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../platform/store/conformance/until.ts';
import { forEachStore } from '../../testing/stores.ts';
import { settled } from './testing/rig.ts';
import { hook, titles, told, useRigs } from './testing/rigs.ts';

forEachStore('notifications', (openStore, newPlace) => {
  const { receive, open } = useRigs(openStore);

  test('an incident is told once when it opens, once when it needs a person, and once when it is over', async () => {
    const receiver = await receive();
    const rig = await open({ channels: [hook(receiver)] });
    await rig.incident({ id: 'inc_1' });
    await until(() => receiver.calls.length === 1);
    await rig.incident({ id: 'inc_1', occurrences: 2 });
    await rig.incident({ id: 'inc_1', occurrences: 3 });
    await rig.incident({ id: 'inc_1', state: 'needs_person' });
    await rig.events.append('alert.raised', {
      actor: 'watchdog',
      subject: 'api',
      data: { severity: 'critical', title: 'api is dead', message: 'again', incident_id: 'inc_1' },
    });
    await until(() => receiver.calls.length === 2);
    await settled(rig);
    await rig.incident({ id: 'inc_1', state: 'closed', outcome: 'fixed' });
    await until(() => receiver.calls.length === 3);
    assert.deepEqual(titles(receiver), ['api is dead', 'Needs you: api is dead', 'Resolved: api is dead']);
    await settled(rig);
    assert.deepEqual(await told(rig), ['opened delivered', 'needs_person delivered', 'resolved delivered']);
  });

  test('what is over while it waits for others is told in one message', async () => {
    const receiver = await receive();
    const rig = await open({ channels: [hook(receiver)], group_wait_s: 60 });
    await rig.incident({ id: 'inc_1' });
    await rig.incident({ id: 'inc_1', state: 'closed', outcome: 'fixed' });
    await until(async () => (await rig.deliveries()).length === 2);
    rig.ahead.ms = 61_000;
    rig.notifications.reload();
    await settled(rig);
    assert.deepEqual(titles(receiver), ['Resolved: api is dead']);
    assert.match(String(receiver.calls[0]?.json['message']), /^Fixed and verified after/);
  });

  test('a storm of thirty becomes one summary, and so does its end', async () => {
    const receiver = await receive();
    const rig = await open({ channels: [hook(receiver)], group_wait_s: 30 });
    const names = Array.from({ length: 30 }, (_, i) => `inc_${i}`);
    for (const id of names) await rig.incident({ id, service: `s${id}` });
    await until(async () => (await rig.deliveries()).length === 30);
    rig.ahead.ms = 31_000;
    rig.notifications.reload();
    await settled(rig);
    assert.deepEqual(titles(receiver), ['30 notices: 30 critical']);
    assert.equal(receiver.calls[0]?.json['count'], 30);
    for (const id of names) await rig.incident({ id, state: 'closed', outcome: 'fixed' });
    await until(async () => (await rig.deliveries()).length === 60);
    rig.ahead.ms = 70_000;
    rig.notifications.reload();
    await settled(rig);
    assert.deepEqual(titles(receiver).slice(1), ['Resolved: 30 notices']);
  });

  test('a service that fails is tried again, in time given up, and another channel is not held up by it', async () => {
    const bad = await receive(() => ({ status: 503, text: 'down' }));
    const good = await receive();
    const rig = await open({
      channels: [hook(bad, { name: 'bad' }), hook(good, { name: 'good' })],
      max_attempts: 3,
    });
    await rig.incident({ id: 'inc_1' });
    await until(() => good.calls.length === 1 && bad.calls.length === 1);
    const state = async () => (await rig.deliveries()).find(({ channel }) => channel === 'bad');
    await until(async () => (await state())?.state === 'queued');
    assert.match((await state())?.reason ?? '', /answered 503/);
    for (const [tries, ms] of [
      [2, 6000],
      [3, 60_000],
    ] as const) {
      rig.ahead.ms = ms;
      rig.notifications.reload();
      await until(() => bad.calls.length >= tries);
      await until(async () => (await state())?.state !== 'sending');
    }
    await until(async () => (await state())?.state === 'failed');
    assert.match((await state())?.reason ?? '', /given up after 3 tries/);
    assert.equal(new Set(bad.calls.map(({ headers }) => headers['x-vigiles-delivery'])).size, 1);
    const [health] = await rig.notifications.health();
    assert.equal(health?.health, 'failing');
    assert.equal(health.last_error?.answer, 'HTTP 503: down');
  });

  test('a service that never answers holds up nobody, and the queue goes on after it', async () => {
    const mute = await receive(() => ({ silent: true }));
    const good = await receive();
    const rig = await open({ channels: [hook(mute, { name: 'mute' }), hook(good, { name: 'good' })] });
    await rig.incident({ id: 'inc_1' });
    await until(() => mute.calls.length === 1);
    await rig.incident({ id: 'inc_2', service: 'db' });
    await until(() => good.calls.length === 2);
  });

  test('the end of an incident is told although Vigiles was killed before it could', async () => {
    const place = await newPlace();
    const down = await receive(() => ({ status: 500 }));
    const first = await open({ channels: [hook(down)] }, { place });
    await first.incident({ id: 'inc_1' });
    await until(() => down.calls.length === 1);
    // Killed: the event stands in the log, nobody has read it.
    await first.notifications.component.stop?.();
    await first.incident({ id: 'inc_1', state: 'closed', outcome: 'fixed' });
    await first.stop();
    const receiver = await receive();
    const second = await open({ channels: [hook(receiver)] }, { place });
    second.ahead.ms = 60_000;
    second.notifications.reload();
    await until(() => receiver.calls.length === 1);
    await settled(second);
    assert.deepEqual(titles(receiver), ['Resolved: api is dead']);
  });

  test('what was being sent when Vigiles was killed is sent again, and nothing that was delivered is', async () => {
    const place = await newPlace();
    const receiver = await receive();
    const first = await open({ channels: [hook(receiver)] }, { place });
    await first.incident({ id: 'inc_1' });
    await until(async () => (await told(first)).includes('opened delivered'));
    receiver.answer = () => ({ silent: true });
    await first.incident({ id: 'inc_2', service: 'db' });
    await until(() => receiver.calls.length === 2);
    // As kill -9 leaves it: claimed by an opening of the store that is no more.
    const frozen = await first.store
      .db<{ notification_delivery: { state: string } }>()
      .selectFrom('notification_delivery')
      .selectAll()
      .execute();
    assert.deepEqual(frozen.map(({ state }) => state).toSorted(), ['delivered', 'sending']);
    receiver.answer = () => ({ status: 200 });
    const second = await open({ channels: [hook(receiver)] }, { place });
    second.ahead.ms = 200_000;
    second.notifications.reload();
    await until(() => receiver.calls.length === 3);
    assert.equal(
      receiver.calls[1]?.headers['x-vigiles-delivery'],
      receiver.calls[2]?.headers['x-vigiles-delivery'],
    );
  });

  test('an acknowledgement ends repetitions and takes back what would have been escalated', async () => {
    const [receiver, boss] = [await receive(), await receive()];
    const rig = await open({
      channels: [hook(receiver, { repeat_every_s: 60 }), hook(boss, { name: 'boss', escalate_after_s: 600 })],
    });
    await rig.incident({ id: 'inc_1' });
    await until(async () => (await rig.deliveries()).length === 3);
    rig.ahead.ms = 61_000;
    rig.notifications.reload();
    await until(() => receiver.calls.length === 2);
    assert.deepEqual(titles(receiver), ['api is dead', 'Still open: api is dead']);
    await until(async () => (await rig.deliveries()).filter(({ role }) => role === 'reminder').length === 2);
    await rig.incident({ id: 'inc_1', acknowledged_by: 'device:me' });
    await until(async () => !(await rig.deliveries()).some(({ state }) => state === 'queued'));
    rig.ahead.ms = 3_600_000;
    rig.notifications.reload();
    await rig.incident({ id: 'inc_1', state: 'closed', outcome: 'fixed' });
    await until(() => receiver.calls.length === 3);
    assert.equal(titles(receiver).at(-1), 'Resolved: api is dead');
    assert.equal(boss.calls.length, 0);
    const dropped = (await rig.deliveries()).filter(({ channel }) => channel === 'boss');
    assert.deepEqual(
      dropped.map(({ state, reason }) => `${state} ${reason}`),
      ['dropped Acknowledged by device:me.'],
    );
  });

  test('what nobody acknowledged is escalated', async () => {
    const boss = await receive();
    const rig = await open({ channels: [hook(boss, { name: 'boss', escalate_after_s: 600 })] });
    await rig.incident({ id: 'inc_1' });
    await until(async () => (await rig.deliveries()).length === 1);
    assert.equal(boss.calls.length, 0);
    rig.ahead.ms = 601_000;
    rig.notifications.reload();
    await until(() => boss.calls.length === 1);
  });

  test('quiet hours hold everything but the critical, and their end brings one summary', async () => {
    const receiver = await receive();
    const at = new Date(Date.now());
    const hour = (shift: number) => `${String((at.getUTCHours() + shift + 24) % 24).padStart(2, '0')}:00`;
    const quiet = [{ from: hour(-1), to: hour(3), time_zone: 'UTC' }];
    const rig = await open({ channels: [hook(receiver)], quiet_hours: quiet });
    for (const id of ['a', 'b', 'c', 'd']) await rig.incident({ id, service: id, severity: 'warning' });
    await rig.incident({ id: 'e', service: 'e', severity: 'critical' });
    await until(() => receiver.calls.length === 1);
    await until(
      async () => (await rig.deliveries()).filter(({ reason }) => reason === 'quiet hours').length === 4,
    );
    assert.deepEqual(titles(receiver), ['e is dead']);
    rig.ahead.ms = 5 * 3_600_000;
    rig.notifications.reload();
    await until(() => receiver.calls.length === 2);
    assert.equal(titles(receiver)[1], '4 notices');
  });

  test('a channel hears only of what it asked for', async () => {
    const receiver = await receive();
    const watchdog = {
      services: [
        { name: 'api', tags: ['prod'], pid_file: '/x' },
        { name: 'toy', pid_file: '/x' },
      ],
    };
    const channels = [
      hook(receiver, { name: 'critical', min_severity: 'critical' }),
      hook(receiver, { name: 'prod', tags: ['pr*'] }),
      hook(receiver, { name: 'toys', services: ['t*y'] }),
      hook(receiver, { name: 'person', tell: 'needs_person' }),
      hook(receiver, { name: 'money', kinds: ['budget'] }),
      hook(receiver, { name: 'dns', faults: ['C*'] }),
    ];
    const rig = await open({ channels }, {}, { watchdog });
    await rig.incident({ id: 'inc_1', service: 'toy', severity: 'warning' });
    await rig.incident({ id: 'inc_2', service: 'api', fault_code: 'C3' });
    await until(async () => (await rig.deliveries()).length === 4);
    assert.deepEqual(
      (await rig.deliveries()).map(({ channel, title }) => `${channel}: ${title}`).toSorted(),
      ['critical: api is dead', 'dns: api is dead', 'prod: api is dead', 'toys: toy is dead'],
    );
  });

  test('a reference without a secret says so and waits; a secret is never seen in what is told about it', async () => {
    const receiver = await receive(({ path }) => ({ status: 404, text: `no such hook: ${path}` }));
    const rig = await open(
      { channels: [{ type: 'slack', name: 'chat', webhook_url: '${secret:slack}' }] },
      { secrets: {} },
    );
    assert.equal(
      (await rig.notifications.health())[0]?.problem,
      'Something went wrong inside Vigiles; the log has the cause.',
    );
    await rig.stop();
    const known = await open(
      { channels: [{ type: 'slack', name: 'chat', webhook_url: '${secret:slack}' }] },
      { secrets: { slack: `${receiver.url}/services/T0/B0/verysecretpath` } },
    );
    const tested = await known.notifications.test('chat', 'device:me', new AbortController().signal);
    assert.ok(tested.ok);
    assert.equal(tested.value.state, 'failed');
    const seen = JSON.stringify([
      tested.value,
      await known.notifications.health(),
      await known.events.read({ afterSeq: 0, limit: 100 }),
    ]);
    assert.match(seen, /no such hook: \[redacted\]/);
    assert.doesNotMatch(seen, /verysecretpath/);
  });

  test('a channel that fails is told of by the others, once until it works again, and never in a circle', async () => {
    const well = await receive();
    const ill = await receive(() => ({ status: 400, text: 'no such room' }));
    const rig = await open({
      channels: [
        hook(well, { name: 'well', min_severity: 'warning' }),
        hook(ill, { name: 'ill' }),
        hook(ill, { name: 'worse' }),
      ],
    });
    const failing = () => titles(well).filter((title) => String(title).includes('does not get through'));
    await rig.incident({ id: 'inc_1' });
    await until(() => failing().length === 2);
    await rig.incident({ id: 'inc_2', service: 'db' });
    const became = async (title: string, state: string) =>
      (await rig.deliveries()).filter(
        (one) => one.title === title && one.state === state && one.channel !== 'well',
      ).length === 2;
    await until(() => became('db is dead', 'failed'));
    await settled(rig);
    assert.deepEqual(failing().map(String).toSorted(), [
      'The channel ill does not get through',
      'The channel worse does not get through',
    ]);
    ill.answer = () => ({ status: 200, text: 'ok' });
    await rig.incident({ id: 'inc_3', service: 'web' });
    await until(() => became('web is dead', 'delivered'));
    await settled(rig);
    ill.answer = () => ({ status: 400, text: 'no' });
    await rig.incident({ id: 'inc_4', service: 'mail' });
    await until(() => failing().length === 4);
  });

  test('a channel with quiet hours of its own follows those and not everybody’s', async () => {
    const receiver = await receive();
    const always = { from: '00:00', to: '00:00', time_zone: 'UTC', except: 'nothing' };
    const rig = await open({
      quiet_hours: [always],
      channels: [hook(receiver, { name: 'awake', quiet_hours: [] }), hook(receiver, { name: 'asleep' })],
    });
    await rig.incident({ id: 'inc_1' });
    await until(async () => (await rig.deliveries()).some(({ state }) => state === 'delivered'));
    await until(async () => (await rig.deliveries()).some(({ reason }) => reason === 'quiet hours'));
    assert.deepEqual((await rig.deliveries()).map(({ channel, state }) => `${channel} ${state}`).toSorted(), [
      'asleep queued',
      'awake delivered',
    ]);
  });

  test('a test that is not answered in time, or waits for its turn, is not told as one that failed', async () => {
    const mute = await receive(() => ({ silent: true }));
    const good = await receive();
    const channels = [hook(mute, { name: 'mute' }), hook(good, { name: 'good', max_per_minute: 1 })];
    const rig = await open({ channels }, { testWaitMs: 1000 });
    const tried = (name: string) => rig.notifications.test(name, 'device:me', new AbortController().signal);
    const first = await tried('good');
    assert.ok(first.ok && first.value.state === 'delivered');
    const slow = await tried('mute');
    const later = await tried('good');
    assert.ok(!slow.ok && !later.ok);
    assert.deepEqual(
      [slow.fault.code, slow.fault.message, later.fault.code, later.fault.message],
      [
        'channel_slow',
        'mute has not answered within 1 s; what becomes of it stands in the history.',
        'channel_slow',
        'good has other messages to send first, or may be sent only so many a minute: the test goes out in its turn.',
      ],
    );
  });

  test('the same alert is not told again within ten minutes', async () => {
    const receiver = await receive();
    const rig = await open({ channels: [hook(receiver)] });
    const alert = () =>
      rig.events.append('alert.raised', {
        actor: 'a',
        subject: 'api',
        data: { severity: 'warning', title: 'The disk fills', message: '2 hours left', incident_id: null },
      });
    await alert();
    await until(() => receiver.calls.length === 1);
    await alert();
    await rig.incident({ id: 'inc_9' });
    await until(() => receiver.calls.length === 2);
    assert.deepEqual(titles(receiver), ['The disk fills', 'api is dead']);
  });
});
