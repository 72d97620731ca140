import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connectCodex } from '@vigiles/contract';
import { sha256Of } from '../keepsakes.ts';
import { openActionRig, type ActionRig } from '../testing/action-rig.ts';
import { gatewayStandIn } from '../testing/gateway-stand-in.ts';

describe('actions on files', () => {
  const gateway = gatewayStandIn({});
  let rig: ActionRig;
  let caps: string;
  let pids: string;
  const person = 'device:test';

  before(async () => {
    const watchdog = { cooldown_s: [0, 0, 0, 0], max_restarts: 100, storm_limit: 1000 };
    rig = await openActionRig({ faces: { gateway: gateway.targets }, watchdog });
    mkdirSync(join(rig.home, '.cache', 'codex-proxy'), { recursive: true });
    caps = join(rig.home, '.cache', 'codex-proxy', 'provider-caps.json');
    pids = join(rig.home, '.cache', 'codex-proxy', 'pids.json');
  });
  after(() => rig.close());

  it('delete_provider_caps moves a corrupt cache aside and brings it back byte for byte', async () => {
    const bytes = Buffer.from('{"content_type": "array", "x": "\u00e4"}\r\n\u0000');
    writeFileSync(caps, bytes, { mode: 0o640 });
    chmodSync(caps, 0o640);
    const run = await rig.run({ action: 'delete_provider_caps', target: `file:${caps}` });
    assert.equal(run.outcome, 'fixed');
    assert.equal(existsSync(caps), false);
    const undone = await rig.actions.undo(run.id, person);
    assert.equal(undone.ok && undone.value.outcome, 'rolled_back');
    assert.deepEqual(readFileSync(caps), bytes);
    assert.equal(statSync(caps).mode & 0o777, 0o640);
  });

  it('only files that the configuration or the catalogue knows are touched, and no links', async () => {
    const other = join(rig.home, 'other.json');
    writeFileSync(other, '{}');
    const ask = (path: string) => rig.run({ action: 'delete_provider_caps', target: `file:${path}` });
    await assert.rejects(ask(other), /not one of watchdog.files/);
    await assert.rejects(
      ask(`${join(rig.home, '.cache')}/../.cache/codex-proxy/provider-caps.json`),
      /plain/,
    );
    const { rmSync } = await import('node:fs');
    rmSync(caps);
    symlinkSync(other, caps);
    await assert.rejects(ask(caps), /not a plain file/);
    rmSync(caps);
    assert.ok(existsSync(other));
  });

  it('cleanup_stale takes out the dead and the reused, and leaves the living', async () => {
    const child = spawn('sleep', ['60']);
    try {
      writeFileSync(
        pids,
        JSON.stringify({ proxy: child.pid, gone: 4_194_300, codex: { pid: 4_194_299, port: 8080 } }),
      );
      const run = await rig.run({ action: 'cleanup_stale', target: `file:${pids}` });
      assert.equal(run.outcome, 'fixed');
      assert.deepEqual(JSON.parse(readFileSync(pids, 'utf8')), { proxy: child.pid });
      // Written long before the process that has the number now was started: another one was meant.
      writeFileSync(pids, JSON.stringify({ proxy: child.pid }));
      utimesSync(pids, 1000, 1000);
      await rig.run({ action: 'cleanup_stale', target: `file:${pids}` });
      assert.deepEqual(JSON.parse(readFileSync(pids, 'utf8')), {});
      assert.equal(child.exitCode, null, 'no process is touched');
    } finally {
      child.kill('SIGKILL');
    }
    await assert.rejects(rig.run({ action: 'cleanup_stale', target: `file:${pids}` }), /every process/);
  });

  describe('regenerate_config', () => {
    const old = { baseUrl: 'http://127.0.0.1:1111/v1', token: 'vgl_0123456789' };
    const own = '# mine\nmodel = "gpt"\n\n[tui]\ntheme = "dark" # kept\n';
    let path: string;
    before(() => {
      mkdirSync(join(rig.home, '.codex'));
      path = join(rig.home, '.codex', 'config.toml');
      gateway.moveTo('http://127.0.0.1:2222/v1');
    });

    it('points an old port to the gateway that runs, changes nothing else, and is undone byte for byte', async () => {
      const text = connectCodex(own, old);
      writeFileSync(path, text, { mode: 0o600 });
      mkdirSync(join(rig.home, 'connections'));
      const record = join(rig.home, 'connections', 'codex.json');
      const kept = { config_path: path, written_sha256: sha256Of(Buffer.from(text)), device_id: 'dev_1' };
      writeFileSync(record, JSON.stringify(kept));
      const run = await rig.run({ action: 'regenerate_config', target: 'agent:codex' });
      assert.equal(run.outcome, 'fixed');
      const written = readFileSync(path, 'utf8');
      assert.equal(written, connectCodex(own, { ...old, baseUrl: 'http://127.0.0.1:2222/v1' }));
      const now = JSON.parse(readFileSync(record, 'utf8')) as typeof kept;
      assert.deepEqual([now.written_sha256, now.device_id], [sha256Of(Buffer.from(written)), 'dev_1']);
      assert.ok(!JSON.stringify(run).includes(old.token), 'no token in what is told');
      await assert.rejects(
        rig.run({ action: 'regenerate_config', target: 'agent:codex' }),
        /as it has to be/,
      );
      assert.ok((await rig.actions.undo(run.id, person)).ok);
      assert.equal(readFileSync(path, 'utf8'), text);
      assert.deepEqual(JSON.parse(readFileSync(record, 'utf8')), kept);
    });

    it('makes a file that cannot be read anew from its backup, with the token that stands in the ruins', async () => {
      writeFileSync(`${path}.vigiles-backup`, own);
      writeFileSync(path, `${connectCodex(own, old)}\n[[[broken`);
      const run = await rig.run({ action: 'regenerate_config', target: `file:${path}` });
      assert.equal(run.outcome, 'fixed');
      assert.equal(
        readFileSync(path, 'utf8'),
        connectCodex(own, { ...old, baseUrl: 'http://127.0.0.1:2222/v1' }),
      );
    });

    it('makes a file that cannot be read anew from nothing, where there was none before it was connected', async () => {
      const record = join(rig.home, 'connections', 'codex.json');
      mkdirSync(join(rig.home, 'connections'), { recursive: true });
      rmSync(`${path}.vigiles-backup`, { force: true });
      const ruins = `${connectCodex('', { ...old, model: 'm' })}\n${'\0'.repeat(512)}`;
      const kept = { config_path: path, written_sha256: 'x', existed: true, model_set: 'm' };
      for (const existed of [true, false]) {
        writeFileSync(path, ruins);
        writeFileSync(record, JSON.stringify({ ...kept, existed }));
        const asked = rig.run({ action: 'regenerate_config', target: `file:${path}` });
        if (existed) await assert.rejects(asked, /no backup/);
        else assert.equal((await asked).outcome, 'fixed');
      }
      const address = 'http://127.0.0.1:2222/v1';
      assert.equal(readFileSync(path, 'utf8'), connectCodex('', { ...old, model: 'm', baseUrl: address }));
    });

    it('another file, or a gateway without an address, is refused', async () => {
      const asked = { action: 'regenerate_config', target: 'file:/etc/passwd' };
      await assert.rejects(rig.run(asked), /not the config.toml/);
      gateway.moveTo(null);
      await assert.rejects(rig.run({ action: 'regenerate_config', target: 'agent:codex' }), /does not run/);
    });
  });
});
