import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { WatchdogConfig } from '@vigiles/contract';
import { freePort, httpService, openRig, program, removeHome, tempHome, until } from './testing/rig.ts';

const configOf = (...services: unknown[]) => WatchdogConfig.parse({ services, veto_s: 0.2, stable_s: 0 });

describe('a configuration that changes', () => {
  it('closes the incident of a service that was removed, and says why', async () => {
    const home = tempHome();
    const rig = await openRig({ home, services: [{ name: 'gone', pid_file: join(home, 'none.pid') }] });
    try {
      await rig.incident('gone', 'needs_person');
      await rig.watchdog.reload(configOf());
      const incident = await rig.incident('gone', 'closed');
      assert.equal(incident.outcome, 'unknown');
      const last = incident.timeline.at(-1);
      assert.equal(last?.kind, 'note');
      assert.match(last?.detail ?? '', /removed from the configuration/);
    } finally {
      await rig.close();
      removeHome(home);
    }
  });

  it('closes at the start what is left of services that no longer exist', async () => {
    const home = tempHome();
    const first = await openRig({ home, services: [{ name: 'gone', pid_file: join(home, 'none.pid') }] });
    await first.incident('gone', 'needs_person');
    await first.close();
    const rig = await openRig({ home });
    try {
      assert.equal((await rig.incident('gone', 'closed')).outcome, 'unknown');
    } finally {
      await rig.close();
      removeHome(home);
    }
  });

  it('restarts a service on purpose when its command, environment or port is new, without an incident', async () => {
    const home = tempHome();
    const [before, after] = [await freePort(), await freePort()];
    const rig = await openRig({ home, services: [httpService(home, before)] });
    try {
      await rig.up('web');
      const { pid } = rig.service('web');
      await rig.watchdog.reload(configOf(httpService(home, after)));
      await until('the new one is up', () => rig.state('web') === 'UP' && rig.service('web').pid !== pid);
      assert.equal((await fetch(`http://127.0.0.1:${after}/`)).status, 200);
      const runs = await until('the run is told', async () => {
        const list = await rig.actions.runs({ target: 'web', limit: 10 });
        return list.every(({ state }) => state === 'finished') ? list : null;
      });
      assert.deepEqual(
        runs.map(({ action, actor, outcome }) => [action, actor, outcome]),
        [['restart_service', 'config', 'fixed']],
      );
      assert.deepEqual(await rig.watchdog.incidents({ limit: 10 }), []);
    } finally {
      await rig.close();
      removeHome(home);
    }
  });

  it('leaves the process alone when only its checks or thresholds are new', async () => {
    const home = tempHome();
    const port = await freePort();
    const rig = await openRig({ home, services: [httpService(home, port)] });
    try {
      await rig.up('web');
      const { pid } = rig.service('web');
      await rig.watchdog.reload(configOf(httpService(home, port, { failures_to_down: 4 })));
      await rig.up('web');
      assert.equal(rig.service('web').pid, pid);
      assert.deepEqual(await rig.actions.runs({ limit: 10 }), []);
    } finally {
      await rig.close();
      removeHome(home);
    }
  });

  it('does not start what a person stopped', async () => {
    const home = tempHome();
    const port = await freePort();
    const rig = await openRig({ home, services: [httpService(home, port)] });
    try {
      await rig.up('web');
      const stop = { action: 'stop_service', target: 'web', actor: 'device:me', reason: 'test' };
      const asked = await rig.actions.request(stop);
      assert.ok(asked.ok);
      await asked.value.done;
      await rig.watchdog.reload(configOf(httpService(home, port, { env: { A: 'b' } })));
      await delay(300);
      assert.equal(rig.state('web'), 'STOPPED_BY_USER');
      assert.equal(rig.service('web').pid, null);
    } finally {
      await rig.close();
      removeHome(home);
    }
  });
});

describe('a service with references in its environment', () => {
  const service = (home: string) => ({
    name: 'env',
    command: [
      process.execPath,
      program(
        home,
        'env',
        `import{writeFileSync}from'node:fs';writeFileSync(${JSON.stringify(join(home, 'out'))},process.env.TOKEN);setInterval(()=>{},1000)`,
      ),
    ],
    env: { TOKEN: '${secret:tok}' },
  });

  it('gets their values, and nobody else does', async () => {
    const home = tempHome();
    const rig = await openRig({
      home,
      services: [service(home)],
      environmentOf: ({ env }) => ({ ...env, TOKEN: 'the-marked-value' }),
    });
    try {
      await rig.up('env');
      const out = join(home, 'out');
      await until(
        'it has written',
        () => existsSync(out) && readFileSync(out, 'utf8') === 'the-marked-value',
      );
      const told = JSON.stringify([rig.seen, rig.watchdog.list(), await rig.actions.audit.read(0, 100)]);
      assert.doesNotMatch(told, /the-marked-value/);
    } finally {
      await rig.close();
      removeHome(home);
    }
  });

  it('that are missing is a start that failed, with an incident that names the reference', async () => {
    const home = tempHome();
    const rig = await openRig({
      home,
      services: [service(home)],
      environmentOf: () => {
        throw new Error('TOKEN needs the secret “tok”, which does not exist');
      },
    });
    try {
      const incident = await until(
        'an incident',
        async () => (await rig.watchdog.incidents({ limit: 1 }))[0],
      );
      assert.match(JSON.stringify(incident.timeline), /the secret “tok”, which does not exist/);
    } finally {
      await rig.close();
      removeHome(home);
    }
  });
});

describe('verification', () => {
  it('of a service with a process check only needs a process that stays: dying at once is never a fix', async () => {
    const home = tempHome();
    const rig = await openRig({
      home,
      services: [
        {
          name: 'brief',
          command: ['/bin/sh', '-c', 'sleep 0.7; exit 3'],
          checks: [{ type: 'process', interval_s: 0.1 }],
        },
      ],
      watchdog: { cooldown_s: [1] },
    });
    try {
      const runs = await until('two restarts ended', async () => {
        const list = await rig.actions.runs({ target: 'brief', limit: 10 });
        const ended = list.filter(
          ({ action, state }) => action === 'restart_service' && state === 'finished',
        );
        return ended.length >= 2 ? ended : null;
      });
      assert.deepEqual([...new Set(runs.map(({ outcome }) => outcome))], ['not_fixed']);
      assert.equal(rig.seen.filter(({ type }) => type === 'incident.closed').length, 0);
    } finally {
      await rig.close();
      removeHome(home);
    }
  });
});

describe('a clean stop', () => {
  it('cancels what the watchdog has under way before it ends the services', async () => {
    const home = tempHome();
    const port = await freePort();
    const mute = program(home, 'mute', 'setInterval(() => {}, 1000);');
    const service = httpService(home, port);
    const rig = await openRig({ home, services: [service] });
    await rig.up('web');
    // From now on a new instance never answers: its restart stays in verification.
    const changed = { ...service, command: [process.execPath, mute] };
    await rig.watchdog.reload(configOf(changed));
    await until('it is verified', async () => {
      const [run] = await rig.actions.runs({ target: 'web', limit: 1 });
      return run?.state === 'verifying';
    });
    await rig.close();
    const again = await openRig({ home });
    try {
      const [run] = await again.actions.runs({ target: 'web', limit: 1 });
      assert.equal(run?.outcome, 'cancelled');
    } finally {
      await again.close();
      removeHome(home);
    }
  });
});
