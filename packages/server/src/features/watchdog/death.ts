import { tailLines, type ExitInfo } from '../../platform/process/index.ts';
import { redactText } from '../actions/index.ts';
import type { Instance } from './supervisor/supervisor.ts';

const lastLines = 20;

/** How a process ended, for people. */
export function describeExit(exit: ExitInfo | null): string {
  if (exit === null) return 'it is gone; it was not our child, so its exit code is unknown';
  if (exit.error !== null) return exit.error;
  if (exit.signal !== null) return `killed by ${exit.signal}`;
  return `exited with code ${exit.code}`;
}

/** What is known about an instance that ended, without secrets. */
export function deathEvidence(
  instance: Instance,
  exit: ExitInfo | null,
  seen: { now: number; logFile: string; rssBytes: number | null },
): Record<string, unknown> {
  return {
    pid: instance.identity.pid,
    exit_code: exit?.code ?? null,
    signal: exit?.signal ?? null,
    uptime_s: Math.max(0, Math.round((seen.now - instance.startedAt) / 1000)),
    memory_mb: seen.rssBytes === null ? null : Math.round(seen.rssBytes / 1048576),
    adopted: instance.adopted,
    last_log_lines: tailLines(seen.logFile, lastLines).map(redactText),
  };
}
