import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { memoryLimitOf } from './memory-limit.ts';

describe('the memory a process may have', () => {
  const home = mkdtempSync(join(tmpdir(), 'vigiles-cgroup-'));
  after(() => rmSync(home, { recursive: true, force: true }));
  const at = { proc: join(home, 'proc'), cgroup: join(home, 'cgroup') };
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  };

  it('is the least of what its groups allow, up to the root', async () => {
    put('proc/7/cgroup', '0::/vigiles.slice/web.service\n');
    put('cgroup/vigiles.slice/web.service/memory.max', 'max\n');
    assert.equal(await memoryLimitOf(7, at), null);
    put('cgroup/vigiles.slice/memory.max', '536870912\n');
    put('cgroup/memory.max', '4294967296\n');
    assert.equal(await memoryLimitOf(7, at), 536_870_912);
  });

  it('is read from the memory controller of version 1, whose largest number is no limit', async () => {
    put('proc/8/cgroup', '12:cpu,cpuacct:/other\n5:memory:/docker/abc\n');
    put('cgroup/memory/docker/abc/memory.limit_in_bytes', '268435456\n');
    put('cgroup/memory/memory.limit_in_bytes', '9223372036854771712\n');
    assert.equal(await memoryLimitOf(8, at), 268_435_456);
  });

  it('is nobody’s to say for a process that is gone, and a path that leads outside is not followed', async () => {
    assert.equal(await memoryLimitOf(9, at), null);
    put('secret/memory.max', '1\n');
    put('proc/10/cgroup', '0::/../secret\n');
    assert.notEqual(await memoryLimitOf(10, at), 1);
  });
});
