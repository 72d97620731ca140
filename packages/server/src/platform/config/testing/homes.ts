import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Configuration } from '../configuration.ts';
import { loadConfig, type LoadOptions } from '../load-config.ts';
import { pauses } from '../../../testing/pauses.ts';

const homes: string[] = [];
after(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

/** A home folder, removed after the tests; with this `vigiles.yaml` if one is given. */
export function newHome(text?: string): string {
  const home = mkdtempSync(join(tmpdir(), 'vigiles-config-'));
  homes.push(home);
  if (text !== undefined) writeFileSync(join(home, 'vigiles.yaml'), text);
  return home;
}

/** The configuration of a new home; the test fails when it has problems. */
export async function open(
  text: string | undefined,
  more: Partial<LoadOptions> = {},
): Promise<Configuration> {
  const loaded = await loadConfig({ home: newHome(text), env: {}, ...more });
  assert.ok(loaded.ok, loaded.ok ? '' : loaded.fault.message);
  return loaded.value;
}

/** Waits for a condition. */
export async function until(what: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  const pause = pauses();
  while (!what()) {
    assert.ok(Date.now() < deadline, 'the condition did not come true in time');
    await pause();
  }
}
