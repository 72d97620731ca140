import {
  identify,
  isAlive,
  listProcesses,
  readProcess,
  type ProcessIdentity,
} from '../../../platform/process/index.ts';
import { readSmallFile } from '../../../platform/files/open-file.ts';
import { defineCheck, local } from './define-check.ts';
import { gone } from './failed-look.ts';

/** The process that a pid file names; a text that says why there is none. */
async function fromPidFile(path: string): Promise<ProcessIdentity | string> {
  let text: string;
  try {
    text = await readSmallFile(path, 4096);
  } catch {
    return 'the pid file cannot be read';
  }
  const pid = /^\s*(\d{1,10})\s*$/.exec(text.slice(0, 100))?.[1];
  if (pid === undefined) return 'the pid file does not hold a pid';
  return identify(Number(pid)) ?? `process ${pid} of the pid file does not run`;
}

/** The oldest process whose command line holds the text; a program and its workers look alike. */
function byCommand(wanted: string): ProcessIdentity | string {
  const found = listProcesses()
    .filter(({ pid }) => pid !== process.pid)
    .flatMap(({ pid }) => readProcess(pid) ?? [])
    .filter(({ commandLine }) => commandLine.includes(wanted))
    .toSorted((a, b) => b.uptimeMs - a.uptimeMs);
  return found[0]?.identity ?? `no process with “${wanted}” in its command line`;
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
        let found: ProcessIdentity | string | null = subject;
        if (config.pid_file !== undefined) found = await fromPidFile(config.pid_file);
        else if (wanted !== undefined) found = known && isAlive(known) ? known : byCommand(wanted);
        if (typeof found === 'string') return gone(found);
        if (found === null || !isAlive(found)) return gone('its process does not run');
        if (wanted !== undefined) known = found;
        return { ok: true, latencyMs: clock.monotonic() - begun, identity: found, facts: { pid: found.pid } };
      },
    };
  },
});
