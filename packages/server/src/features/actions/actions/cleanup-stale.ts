import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { readProcess } from '../../../platform/process/index.ts';
import { readPidFile, withoutPids, type NamedPid, type PidFile } from '../core/pid-file.ts';
import { defineAction, type ActionContext } from '../define-action.ts';
import {
  isRestored,
  keepFile,
  readPlainFile,
  replacePlainFile,
  restoreFile,
  type Keepsake,
} from '../keepsakes.ts';
import { whyNotThisFile } from '../known-files.ts';

/** Start times are rounded to ticks and files to what the disk keeps. */
const slackMs = 2000;

interface Found {
  file: PidFile;
  mode: number;
  dead: NamedPid[];
}

/** Entries whose process is gone. One that started after the file was written has only inherited the number. */
async function findDead({ targetName, now }: ActionContext<unknown>): Promise<Found | string> {
  try {
    const read = await readPlainFile(targetName);
    if (!read) return 'there is no such file';
    const file = readPidFile(read.bytes.toString('utf8'));
    if (!file) return `${targetName} is no file of pids`;
    const { mtimeMs } = await stat(targetName);
    const dead = file.pids.filter(({ pid }) => {
      const process = readProcess(pid);
      return !process || now() - process.uptimeMs > mtimeMs + slackMs;
    });
    return { file, mode: read.mode, dead };
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

const nameOf = ({ at, pid }: NamedPid) => `${String(at[0])} (${pid})`;

/** Takes entries of dead processes out of a file of pids. Ends nothing. */
export const action = defineAction({
  id: 'cleanup_stale',
  title: 'Take dead processes out of a pid file',
  description:
    'Takes entries whose process is gone, or whose number another process has now, out of a file of pids. No process is touched. Kept byte for byte and put back on request. Proven by no dead entry being left.',
  params: z.strictObject({}),
  targets: ['file'],
  guarded: true,
  timeoutMs: 15_000,
  lock: (target) => target,
  risk: () => 'reversible',
  async plan(context) {
    const found = await findDead(context);
    return typeof found === 'string'
      ? []
      : [
          `Keep a copy of ${context.targetName}`,
          ...found.dead.slice(0, 50).map((one) => `Take out ${nameOf(one)}`),
        ];
  },
  async precheck(context) {
    const why = whyNotThisFile(context, 'pids');
    if (why !== null) return why;
    const found = await findDead(context);
    if (typeof found === 'string') return found;
    return found.dead.length === 0 ? 'every process in it is alive' : null;
  },
  snapshot: ({ home, runId, targetName }) => keepFile(home, runId, targetName),
  async perform(context) {
    const found = await findDead(context);
    if (typeof found === 'string') throw new Error(found);
    const text = withoutPids(found.file, found.dead);
    await replacePlainFile(context.targetName, Buffer.from(text), found.mode);
    context.note('taken out', { entries: found.dead.map(nameOf) });
  },
  async verify(context) {
    const found = await findDead(context);
    // A file of lines without any line left is no file of pids any more, and that is right.
    if (typeof found === 'string') return found.endsWith('is no file of pids') ? 'fixed' : 'unknown';
    return found.dead.length === 0 ? 'fixed' : 'not_fixed';
  },
  rollback: (_context, snapshot) => restoreFile(snapshot as Keepsake),
  restored: (_context, snapshot) => isRestored(snapshot as Keepsake),
});
