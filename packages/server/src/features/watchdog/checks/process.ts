import {
  identify,
  isAlive,
  listProcesses,
  readProcess,
  type ProcessIdentity,
} from '../../../platform/process/index.ts';
import { readSmallFile } from '../../../platform/files/open-file.ts';
import { defineCheck, local, type Look } from './define-check.ts';
import { cannotTell, gone, unhealthy } from './failed-look.ts';

/** The process that a pid file names; a failed look where there is none. */
async function fromPidFile(path: string): Promise<ProcessIdentity | Look> {
  let text: string;
  try {
    text = await readSmallFile(path, 4096);
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return gone('there is no pid file');
    return cannotTell(`the pid file cannot be read: ${code ?? message}`);
  }
  const pid = /^\s*(\d{1,10})\s*$/.exec(text.slice(0, 100))?.[1];
  // It may be about to be written.
  if (pid === undefined) return unhealthy('the pid file does not hold a pid');
  return identify(Number(pid)) ?? gone(`process ${pid} of the pid file does not run`);
}

/** The oldest process whose command line holds the text; a program and its workers look alike. */
function byCommand(wanted: string): ProcessIdentity | Look {
  const found = listProcesses()
    .filter(({ pid }) => pid !== process.pid)
    .flatMap(({ pid }) => readProcess(pid) ?? [])
    .filter(({ commandLine }) => commandLine.includes(wanted))
    .toSorted((a, b) => b.uptimeMs - a.uptimeMs);
  return found[0]?.identity ?? gone(`no process with “${wanted}” in its command line`);
}

export const check = defineCheck({
  type: 'process',
  title: 'Process',
  target: (config) => config.pid_file ?? config.command_contains ?? 'its process',
  ...local,
  prepare(config, { clock }) {
    const wanted = config.pid_file === undefined ? config.command_contains : undefined;
    /** Found by its command line: the whole table is only searched when this one is gone. */
    let known: ProcessIdentity | null = null;
    return {
      async look({ subject }) {
        const begun = clock.monotonic();
        let found: ProcessIdentity | Look | null = subject;
        if (config.pid_file !== undefined) found = await fromPidFile(config.pid_file);
        else if (wanted !== undefined) found = known && isAlive(known) ? known : byCommand(wanted);
        if (found && 'ok' in found) return found;
        if (found === null || !isAlive(found)) return gone('its process does not run');
        if (wanted !== undefined) known = found;
        return { ok: true, latencyMs: clock.monotonic() - begun, identity: found, facts: { pid: found.pid } };
      },
    };
  },
});
