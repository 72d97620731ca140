import { z } from 'zod';
import { tokenIn } from '@vigiles/contract';
import { codexFileOf, readRecord, recordPath, regenerateCodex } from '../codex-file.ts';
import { defineAction, type ActionContext } from '../define-action.ts';
import {
  isRestored,
  keepFile,
  readPlainFile,
  replacePlainFile,
  restoreFile,
  sha256Of,
  type Keepsake,
} from '../keepsakes.ts';

interface Snapshot {
  config: Keepsake;
  /** What `vigiles disconnect codex` goes by; null: there is none. */
  record: Keepsake | null;
}

/** Where the file sends Codex now; null: nowhere, or it cannot be read. */
async function addressIn(context: ActionContext<unknown>): Promise<string | null> {
  const path = await codexFileOf(context);
  const found = path === null ? null : await readPlainFile(path).catch(() => null);
  if (!found) return null;
  try {
    return tokenIn(found.bytes.toString('utf8'))?.baseUrl ?? null;
  } catch {
    return null;
  }
}

/** Writes Codex's config.toml anew where it leads to an old port or cannot be read. */
export const action = defineAction({
  id: 'regenerate_config',
  title: 'Write Codex’s configuration anew',
  description:
    'Points Codex’s config.toml to where the gateway is now, with the code of `vigiles connect codex`: only our block changes. A file that cannot be read is made anew from its backup. Kept byte for byte and put back on request. Proven by reading it back.',
  params: z.strictObject({}),
  targets: ['agent', 'file'],
  guarded: true,
  timeoutMs: 15_000,
  lock: () => 'file:codex',
  risk: () => 'reversible',
  async plan(context) {
    const made = await regenerateCodex(context);
    if (typeof made === 'string') return [];
    const url = await context.gateway.url();
    return [
      `Keep a copy of ${made.path}`,
      made.fromBackup
        ? 'Take the backup of it, because it cannot be read'
        : 'Leave everything but our block as it is',
      `Point it to ${url}`,
    ];
  },
  async precheck(context) {
    if (
      context.targetClass === 'agent' &&
      context.targetName !== 'codex' &&
      !context.targetName.startsWith('codex')
    )
      return 'only Codex’s configuration can be written anew';
    const made = await regenerateCodex(context);
    if (typeof made === 'string') return made;
    return made.before.equals(Buffer.from(made.text)) ? 'it is as it has to be' : null;
  },
  async snapshot(context): Promise<Snapshot | null> {
    const made = await regenerateCodex(context);
    if (typeof made === 'string') return null;
    const { home, runId } = context;
    const record = (await readRecord(home)) ? await keepFile(home, runId, recordPath(home)) : null;
    return { config: await keepFile(home, runId, made.path), record };
  },
  async perform(context) {
    const made = await regenerateCodex(context);
    if (typeof made === 'string') throw new Error(made);
    await replacePlainFile(made.path, Buffer.from(made.text), made.mode);
    context.note('written', { path: made.path, from_backup: made.fromBackup });
    // `vigiles disconnect codex` brings the user's file back byte for byte as long as only we have written.
    const record = await readRecord(context.home);
    if (record?.config_path !== made.path || record.written_sha256 !== sha256Of(made.before)) return;
    const found = await readPlainFile(recordPath(context.home));
    if (!found) return;
    const next = {
      ...(JSON.parse(found.bytes.toString('utf8')) as object),
      written_sha256: sha256Of(Buffer.from(made.text)),
    };
    await replacePlainFile(
      recordPath(context.home),
      Buffer.from(`${JSON.stringify(next, null, 2)}\n`),
      found.mode,
    );
  },
  async verify(context) {
    const url = await context.gateway.url();
    if (url === null) return 'unknown';
    return (await addressIn(context)) === url ? 'fixed' : 'not_fixed';
  },
  steady: async (context) => {
    const [url, now] = [await context.gateway.url(), await addressIn(context)];
    return url === null || now === url;
  },
  async rollback(_context, snapshot) {
    const { config, record } = snapshot as Snapshot;
    await restoreFile(config);
    if (record) await restoreFile(record);
  },
  async restored(_context, snapshot) {
    const { config, record } = snapshot as Snapshot;
    return (await isRestored(config)) && (!record || (await isRestored(record)));
  },
});
