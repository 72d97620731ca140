import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Turn } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import { openRig, removeHome, tempHome, until, type Rig } from '../testing/rig.ts';

const turn = (at: number, fault: string): Turn =>
  Turn.parse({
    id: `trn_${at}`,
    ts: 0,
    device_id: 'd',
    session_id: 's',
    client_protocol: 'openai-chat',
    provider: 'local',
    provider_protocol: 'openai-chat',
    model_requested: 'weak',
    model: 'weak',
    stream: true,
    input_tokens: null,
    cached_input_tokens: null,
    cache_write_tokens: null,
    output_tokens: null,
    reasoning_tokens: null,
    cost_micros: null,
    latency_ms: 1,
    ttft_ms: 1,
    outcome: 'ok',
    status: 200,
    error_kind: null,
    error_message: null,
    attempts: 1,
    losses: [],
    faults: [{ fault, count: 2, recovered: false, detail: '2 places look like calls and are none' }],
  });

describe('a model that garbles its tool calls', () => {
  const home = tempHome();
  let now = 1_790_000_000_000;
  const clock: Clock = { now: () => now, monotonic: () => performance.now() };
  let rig: Rig;
  before(async () => {
    rig = await openRig({ home, clock, services: [{ name: 'gateway', port: 1 }] });
  });
  after(async () => {
    await rig.close();
    removeHome(home);
  });

  const settle = async (count: number, fault: string): Promise<void> => {
    for (let at = 0; at < count; at++) {
      now += 100;
      await rig.events.append('turn.settled', { actor: 'd', subject: 't', data: { turn: turn(at, fault) } });
    }
  };
  const told = (): number => rig.seen.filter(({ type }) => type.startsWith('incident.')).length;

  it('gives one incident with its evidence and one alert, not one for every turn', async () => {
    await settle(300, 'C3');
    const incident = await rig.incident('model:local/weak', 'needs_person');
    assert.equal(incident.fault_code, 'C3');
    assert.equal(incident.severity, 'warning');
    assert.match(incident.title, /weak at local writes tool calls as text/);
    assert.deepEqual(incident.timeline[0]?.evidence['faults'], {
      C3: { seen: 10, recovered: 0, last: '2 places look like calls and are none' },
    });
    await until('the alert', () => rig.alerts().length > 0);
    await settle(1, 'C3');
    assert.equal(rig.alerts().length, 1);
    assert.ok(told() <= 4, `${told()} events`);
    assert.equal((await rig.watchdog.incidents({ limit: 50 })).length, 1);
  });

  it('adds to the same story a minute later, with how many turns there were meanwhile', async () => {
    now += 61_000;
    await settle(5, 'C3');
    await until('the count', async () => {
      const [incident] = await rig.watchdog.incidents({ limit: 50 });
      return (incident?.occurrences ?? 0) >= 300;
    });
    assert.equal((await rig.watchdog.incidents({ limit: 50 })).length, 1);
  });

  it('restarts nothing, and its story outlives a restart of control', async () => {
    const runs = rig.seen.flatMap((event) => ('run' in event.data ? [event.data.run.action] : []));
    assert.deepEqual([...new Set(runs)], ['alert_user']);
    await rig.close();
    rig = await openRig({ home, clock, services: [{ name: 'gateway', port: 1 }] });
    const [incident] = await rig.watchdog.incidents({ limit: 50 });
    assert.equal(incident?.state, 'needs_person');
  });
});
