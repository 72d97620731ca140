import { copyFile, rename, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { RotatedLogConfig } from '@vigiles/contract';
import { readSmallFile } from '../../../platform/files/open-file.ts';
import { identify, sendSignal } from '../../../platform/process/index.ts';
import { defineAction, type ActionContext } from '../define-action.ts';
import { pause } from '../provider-target.ts';

const sizeOf = async (path: string): Promise<number | null> =>
  stat(path).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  );

/** The log that is meant and how it is moved: of a service of ours, or of the configuration's list; null: neither. */
function logOf({
  targetClass,
  targetName,
  home,
  services,
  settings,
}: ActionContext<unknown>): RotatedLogConfig | null {
  if (targetClass !== 'service')
    return settings().rotate_logs.find(({ path }) => path === targetName) ?? null;
  if (!services.look(targetName)?.supervised) return null;
  const path = join(home, 'logs', 'services', `${targetName}.log`);
  return { path, how: 'copytruncate', signal: 'SIGHUP', keep: 3 };
}

/** Keeps `<path>.1` … `<path>.<keep>`; the oldest falls off. */
async function shiftOld(path: string, keep: number): Promise<void> {
  for (let number = keep - 1; number >= 1; number -= 1) {
    await rename(`${path}.${number}`, `${path}.${number + 1}`).catch(() => undefined);
  }
}

/** The process that writes it, by its pid file. Vigiles and init are never it. */
async function writerOf({ pid_file }: RotatedLogConfig) {
  if (pid_file === undefined) return null;
  const text = await readSmallFile(pid_file, 4096).catch(() => '');
  return identify(Number(text.trim()));
}

/** Moves a log aside so that it grows from nothing again. */
export const action = defineAction({
  id: 'rotate_log',
  title: 'Rotate a log',
  description:
    'Moves the log of a service, or one of watchdog.rotate_logs, to `<path>.1`: copied and emptied, or renamed and its writer told by a signal. Proven by the log being smaller, and written anew where it was renamed.',
  params: z.strictObject({}),
  targets: ['file', 'service'],
  guarded: true,
  timeoutMs: 300_000,
  lock: (target) => `log:${target}`,
  risk: () => 'reversible',
  async plan(context) {
    const log = logOf(context);
    if (!log) return [];
    const bytes = (await sizeOf(log.path)) ?? 0;
    const rest = `Keep ${log.path}.1 to .${log.keep}; what is older falls off`;
    return log.how === 'rename'
      ? [`Rename ${log.path} (${bytes} bytes)`, `Tell its writer with ${log.signal}`, rest]
      : [`Copy ${log.path} (${bytes} bytes) and empty it`, rest];
  },
  async precheck(context) {
    const log = logOf(context);
    if (!log) return 'it is neither the log of a service of ours nor one of watchdog.rotate_logs';
    const bytes = await sizeOf(log.path);
    if (bytes === null) return 'there is no such file';
    if (bytes === 0) return 'it is empty';
    if (log.how === 'rename' && !(await writerOf(log)))
      return 'its writer cannot be told: its pid file names no process that runs';
    return null;
  },
  async perform(context) {
    const log = logOf(context);
    if (!log) throw new Error('it is not on the list any more');
    const before = await stat(log.path);
    context.memory.set('before', { size: before.size, ino: before.ino });
    const writer = await writerOf(log);
    await shiftOld(log.path, log.keep);
    if (log.how === 'rename') {
      if (!writer) throw new Error('its writer is gone');
      await rename(log.path, `${log.path}.1`);
      const sent = sendSignal(writer, log.signal);
      context.note('the writer was told', { pid: writer.pid, sent });
      if (sent !== 'sent') throw new Error(`the writer could not be told: ${sent}`);
      return;
    }
    await copyFile(log.path, `${log.path}.1`);
    if (context.signal.aborted) return;
    await truncate(log.path, 0);
    context.note('copied and emptied', { bytes: before.size });
  },
  async verify(context) {
    const log = logOf(context);
    const before = context.memory.get('before') as { size: number; ino: number } | undefined;
    if (!log || !before) return 'unknown';
    if (log.how === 'copytruncate') {
      const now = await sizeOf(log.path);
      return now !== null && now < before.size ? 'fixed' : 'not_fixed';
    }
    // The writer opens a new file when it next has something to say, many at once.
    const until = performance.now() + 5000;
    for (;;) {
      const now = await stat(log.path).catch(() => null);
      if (now && now.ino !== before.ino) return 'fixed';
      if (context.signal.aborted || performance.now() > until) return 'unknown';
      await pause(100, context.signal);
    }
  },
});
