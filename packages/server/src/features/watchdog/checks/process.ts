import { readFile } from 'node:fs/promises';
import { identify, isAlive, type ProcessIdentity } from '../../../platform/process/index.ts';
import { defineCheck, type Look } from './define-check.ts';

const dead = (reason: string): Look => ({ ok: false, reason, timedOut: false, ours: false, dead: true });

/** The process that a pid file names; a text that says why there is none. */
async function fromPidFile(path: string, signal: AbortSignal): Promise<ProcessIdentity | string> {
  let text: string;
  try {
    text = await readFile(path, { encoding: 'utf8', signal });
  } catch {
    return 'the pid file cannot be read';
  }
  const pid = /^\s*(\d{1,10})\s*$/.exec(text.slice(0, 100))?.[1];
  if (pid === undefined) return 'the pid file does not hold a pid';
  return identify(Number(pid)) ?? `process ${pid} of the pid file does not run`;
}

export const check = defineCheck({
  type: 'process',
  title: 'Process',
  target: (config) => config.pid_file ?? 'its process',
  remoteHost: () => null,
  localPort: () => null,
  async look(config, { clock, signal, subject }) {
    const begun = clock.monotonic();
    const found = config.pid_file === undefined ? subject : await fromPidFile(config.pid_file, signal);
    if (typeof found === 'string') return dead(found);
    if (found === null || !isAlive(found)) return dead('its process does not run');
    return { ok: true, latencyMs: clock.monotonic() - begun, identity: found };
  },
});
