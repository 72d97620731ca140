import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isAlive, processTree, type ProcessIdentity } from '../../../../platform/process/index.ts';
import { newId } from '../../../../kernel/ids.ts';
import { pauses } from '../../../../testing/pauses.ts';
import type { AgentHandle, AgentCommand } from '../agent-adapter.ts';
import type { WatchedSink } from './watch-sink.ts';

/** A file of an installed package. */
export const installed = (name: string, ...path: string[]): string =>
  join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), ...path);

export const send = (handle: AgentHandle, type: AgentCommand['type'], args = {}) =>
  handle.deliver({ commandId: newId('cmd'), type, args });

export const toolRuns = (sink: WatchedSink): boolean =>
  sink.events.some(({ type }) => type === 'skill:started');

/** Whether this many turns are complete. */
export const completed =
  (count: number) =>
  ({ events }: WatchedSink): boolean =>
    events.filter(({ type }) => type === 'execution:completed').length === count;

/** The `sleep` an agent has started. */
export async function sleeper(agent: ProcessIdentity): Promise<ProcessIdentity> {
  const pause = pauses();
  for (const until = performance.now() + 60_000; performance.now() < until; await pause()) {
    const found = processTree(agent).find(
      (one) => isAlive(one) && readFileSync(`/proc/${one.pid}/cmdline`, 'utf8').startsWith('sleep\0'),
    );
    if (found) return found;
  }
  throw new Error('no sleep was started');
}
