import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { z } from 'zod';
import { defineAction } from './index.ts';
import { openActionRig } from './testing/action-rig.ts';

const person = 'device:test';
const erased: string[] = [];
const erase = defineAction({
  id: 'erase',
  title: 'Erase',
  params: z.strictObject({ secret: z.string().optional(), what: z.string().optional() }),
  targets: ['host', 'agent'] as const,
  guarded: false,
  timeoutMs: 10_000,
  lock: (target) => `thing:${target}`,
  risk: () => 'destructive',
  plan: () => ['Erase it'],
  precheck: () => null,
  perform: async ({ params }) => void erased.push(params.what ?? params.secret ?? ''),
  verify: async () => 'fixed',
});

describe('runs and the end of control', () => {
  const home = mkdtempSync(join(tmpdir(), 'vigiles-runs-end-'));
  after(() => rmSync(home, { recursive: true, force: true }));
  const open = async () => {
    const rig = await openActionRig({ home, more: [erase] });
    await rig.actions.resume();
    return rig;
  };

  it('what waits for an approval waits on, under the same name, and is done once it has it', async () => {
    const first = await open();
    const asked = await first.ask({
      action: 'erase',
      target: 'host',
      actor: person,
      params: { what: 'the old one' },
    });
    assert.ok(asked.ok);
    const { id } = asked.value.run;
    await first.close();
    const second = await open();
    const [run] = await second.actions.runs({ limit: 1, open: true });
    assert.deepEqual([run?.id, run?.state], [id, 'awaiting_approval']);
    assert.ok((await second.actions.approve(id, 'device:other', ['admin'])).ok);
    await second.actions.leave();
    await second.close();
    const third = await open();
    const [ended] = await third.actions.runs({ limit: 1 });
    assert.deepEqual(erased, ended?.outcome === 'fixed' ? ['the old one'] : []);
    assert.notEqual(ended?.state, 'awaiting_approval');
    await third.close();
  });

  it('whose secrets are not kept it does not wait on, and is never done without them', async () => {
    erased.length = 0;
    const first = await open();
    const asked = await first.ask({
      action: 'erase',
      target: 'host',
      actor: person,
      params: { secret: 'hunter22' },
    });
    assert.ok(asked.ok);
    // As after a kill: nothing of it was ended.
    const second = await open();
    assert.ok(!(await second.actions.approve(asked.value.run.id, 'device:other', ['admin'])).ok);
    const [run] = await second.actions.runs({ limit: 1 });
    assert.equal(run?.outcome, 'cancelled');
    assert.match(run?.message ?? '', /secrets among its parameters are not kept/);
    assert.deepEqual(erased, []);
    await second.close();
    await first.close();
  });

  it('what a person is told as it comes is told', async () => {
    const first = await open();
    const asked = await first.ask({ action: 'alert_user', target: 'host', params: { title: 'Look here' } });
    assert.ok(asked.ok);
    await first.actions.leave();
    assert.equal((await asked.value.done).outcome, 'unknown');
    assert.equal(first.seen.filter(({ type }) => type === 'alert.raised').length, 1);
    await first.close();
  });
});
