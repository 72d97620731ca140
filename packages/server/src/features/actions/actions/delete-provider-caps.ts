import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { defineAction, type ActionContext } from '../define-action.ts';
import { isRestored, keepFile, readPlainFile, restoreFile, sha256Of, type Keepsake } from '../keepsakes.ts';
import { whyNotThisFile } from '../known-files.ts';

const broken = 'sha256';

/** Moves a corrupt cache of provider abilities aside: its owner makes a new one. */
export const action = defineAction({
  id: 'delete_provider_caps',
  title: 'Move a corrupt cache aside',
  description:
    'Moves a cache file of an agent’s launcher aside, so that it is made anew. Only files of watchdog.files and the usual caches. Kept byte for byte and put back on request. Proven by the same content not coming back.',
  params: z.strictObject({}),
  targets: ['file'],
  guarded: true,
  timeoutMs: 15_000,
  lock: (target) => target,
  risk: () => 'reversible',
  plan: ({ targetName }) => [`Keep a copy of ${targetName}`, 'Take it away'],
  async precheck(context) {
    const why = whyNotThisFile(context, 'caps');
    if (why !== null) return why;
    try {
      return (await readPlainFile(context.targetName)) ? null : 'there is no such file';
    } catch (thrown) {
      return thrown instanceof Error ? thrown.message : String(thrown);
    }
  },
  snapshot: ({ home, runId, targetName }) => keepFile(home, runId, targetName),
  async perform(context) {
    const found = await readPlainFile(context.targetName);
    if (found) context.memory.set(broken, sha256Of(found.bytes));
    await rm(context.targetName, { force: true });
    context.note('moved aside', { bytes: found?.bytes.length ?? 0 });
  },
  verify: async (context) => ((await isBack(context)) ? 'not_fixed' : 'fixed'),
  steady: async (context) => !(await isBack(context)),
  rollback: (_context, snapshot) => restoreFile(snapshot as Keepsake),
  restored: (_context, snapshot) => isRestored(snapshot as Keepsake),
});

async function isBack({ targetName, memory }: ActionContext<unknown>): Promise<boolean> {
  const found = await readPlainFile(targetName);
  return found !== null && (!memory.has(broken) || sha256Of(found.bytes) === memory.get(broken));
}
