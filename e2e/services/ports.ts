import { end, clientOf, listenerIn } from '../../packages/server/src/features/ports/testing/peers.ts';
import type { ActionRun, PortCheck, PortListener } from '../../packages/contract/src/index.ts';
import { waitFor } from '../harness/wait-for.ts';
import type { ServiceRow } from './service-row.ts';

export const row: ServiceRow = {
  service: 'ports',
  peer: 'processes on ports',
  async run(rig) {
    const vigiles = await rig.start();
    const folder = rig.folder();
    const listener = await listenerIn(folder);
    rig.later(() => end(listener));
    const port = Number(listener.said);
    const client = await clientOf(port, folder);
    rig.later(() => end(client));
    const check = (await rig.call<PortCheck>(vigiles, 'GET', `/api/v1/ports/check?port=${port}`)).body;
    const all = (
      await rig.call<{ listeners: PortListener[] }>(vigiles, 'GET', '/api/v1/ports/listeners')
    ).body.listeners.find((one) => one.port === port);
    const pids = all?.processes.map(({ pid }) => pid) ?? [];
    const seen = [
      {
        ok: !check.free && pids.length === 1 && pids[0] === listener.pid,
        seen: `port ${port}: free ${check.free}; held by its listener alone, its client is not among them`,
      },
    ];
    const stale = (all?.processes ?? []).map(({ pid }) => ({ pid, start_time: 'another' }));
    const kill = (processes: unknown) =>
      rig.call<ActionRun & { code?: string }>(vigiles, 'POST', `/api/v1/ports/ports/${port}/kill`, {
        body: { reason: 'shown', processes },
      });
    const refused = await kill(stale);
    seen.push({
      ok: listener.child.exitCode === null && listener.child.signalCode === null,
      seen: `asked to end a pid with another start time: ${refused.body.code ?? refused.body.state}; it lives`,
    });
    const pinned = (all?.processes ?? []).map(({ pid, start_time }) => ({ pid, start_time }));
    const { status } = await kill(pinned);
    await waitFor(
      'the listener to end',
      () => listener.child.exitCode !== null || listener.child.signalCode !== null,
    );
    const closed = await client.next();
    seen.push({
      ok: status === 202 && closed === 'closed' && client.child.exitCode === null,
      seen: `ended through the action runner (${status}); the client lost its connection and lives on`,
    });
    const reserve = () =>
      rig.call<{ port: number }>(vigiles, 'POST', '/api/v1/ports/reserve', {
        body: { name: 'shop-web', owner: 'agent-1', from: port },
      });
    const [one, again] = [await reserve(), await reserve()];
    const env = await rig.cli(vigiles, 'ports', 'env');
    seen.push({
      ok: one.body.port === again.body.port && env.out.includes(`export SHOP_WEB_PORT='${one.body.port}'`),
      seen: `a reservation keeps its port, and \`vigiles ports env\` gives it`,
    });
    return seen;
  },
};
