import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { toFault } from '../../../kernel/fault.ts';
import { silentLog } from '../../../kernel/log.ts';
import { prepareFile } from './prepare-file.ts';
import { openPresence } from './presence.ts';

describe('who has a database open', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigiles-presence-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('who comes while another checks the file waits until that is done', async () => {
    const path = join(folder, 'checked.db');
    const checking = openPresence(path);
    assert.equal(checking.tryAlone(), true);
    let ready = false;
    const comes = prepareFile(path, silentLog).then((prepared) => {
      ready = true;
      return prepared;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(ready, false);
    await checking.share(0);
    const { presence, quarantined } = await comes;
    assert.equal(quarantined, null);
    presence.close();
    checking.close();
  });

  it('nobody is alone with a file that another is alone with, or has open', async () => {
    const path = join(folder, 'open.db');
    const first = openPresence(path);
    assert.equal(first.tryAlone(), true);
    const second = openPresence(path);
    assert.equal(second.tryAlone(), false);
    await assert.rejects(second.share(30), (thrown) => toFault(thrown).code === 'store_locked');
    await first.share(0);
    assert.equal(second.tryAlone(), false);
    await second.share(0);
    first.close();
    assert.equal(second.tryAlone(), true);
    second.close();
  });
});
