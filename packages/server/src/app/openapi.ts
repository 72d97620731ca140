import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../kernel/log.ts';
import { loadConfig } from '../platform/config/index.ts';
import { openApiDocument } from '../platform/http/index.ts';
import { composeControl } from './compose.ts';
import type { Extend } from './extension.ts';
import { version } from './version.ts';

/** The OpenAPI document of all of control's routes. Builds control in a folder of its own; nothing is started. */
export async function controlOpenApi(extend: readonly Extend[] = []): Promise<Record<string, unknown>> {
  const home = await mkdtemp(join(tmpdir(), 'vigiles-openapi-'));
  try {
    const loaded = await loadConfig({ home, env: {} });
    if (!loaded.ok) throw new Error(loaded.fault.message);
    const control = await composeControl({ home, configuration: loaded.value, log: silentLog, extend });
    await control.store.close();
    return openApiDocument(control.routes, version, control.streams);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
