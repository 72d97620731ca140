import { setTimeout as delay } from 'node:timers/promises';
import { PinnedProcess } from '@vigiles/contract';
import { z } from 'zod';
import { holdsPort, identify, sendSignal, type ProcessIdentity } from '../../../platform/process/index.ts';
import { defineAction } from '../define-action.ts';
import type { PortLook } from '../port-targets.ts';

const termMs = 3000;
const killMs = 2000;

const portOf = (name: string): number => {
  const port = /^\d{1,5}$/.test(name) ? Number(name) : 0;
  return port >= 1 && port <= 65_535 ? port : 0;
};

const asIdentity = ({ pid, start_time }: PinnedProcess): ProcessIdentity => ({ pid, startTime: start_time });

/** Why exactly this process must not be signalled; null: it may be. */
function refusalOf({ pid, start_time }: PinnedProcess, { holders }: PortLook, port: number): string | null {
  const holder = holders.find(({ identity }) => identity.pid === pid && identity.startTime === start_time);
  if (holder) return holder.protected;
  const now = identify(pid);
  if (now && now.startTime !== start_time)
    return `process ${pid} is another one now: the number was given again, and nothing is sent to it`;
  return now ? `process ${pid} does not listen on port ${port}` : `process ${pid} has ended`;
}

/** Ends what listens on a port. Each process was named before, with its start time; what is only connected is never touched. */
export const action = defineAction({
  id: 'free_port',
  title: 'End what listens on a port',
  description:
    'Ends the named processes that listen on a port, first asking them to leave. Each is named with its start time and looked at again directly before the signal; clients of the port, container proxies and Vigiles itself are never ended. Proven by nothing listening there any more.',
  params: z.strictObject({
    processes: z
      .array(PinnedProcess)
      .min(1)
      .max(64)
      .meta({ description: 'Which processes, as `GET /api/v1/ports/listeners` tells them.' }),
  }),
  targets: ['port'],
  guarded: true,
  timeoutMs: 30_000,
  lock: (target) => target,
  risk: () => 'destructive',
  riskAtMost: 'destructive',
  async plan({ ports, targetName, params: { processes } }) {
    const look = await ports.look(portOf(targetName));
    return processes.map(({ pid, start_time }) => {
      const holder = look?.holders.find(
        ({ identity }) => identity.pid === pid && identity.startTime === start_time,
      );
      return `End process ${pid}, which listens on port ${targetName}: ${holder?.command ?? 'gone'}`;
    });
  },
  async precheck({ ports, targetName, automatic, params: { processes } }) {
    const port = portOf(targetName);
    if (port === 0) return `“${targetName}” is no port`;
    if (automatic) return 'what is not proven to be Vigiles’ own is only ended when a person asks for it';
    const look = await ports.look(port);
    if (!look) return 'this system does not tell who listens on a port';
    for (const one of processes) {
      const refusal = refusalOf(one, look, port);
      if (refusal !== null) return refusal;
    }
    return null;
  },
  async perform({ ports, targetName, params: { processes }, signal, note }) {
    const port = portOf(targetName);
    const look = await ports.look(port);
    if (!look) throw new Error('this system does not tell who listens on a port');
    const named = processes.map(asIdentity);
    // A process that let go of the port meanwhile is not in its way any more, and is left alone.
    const holding = () => named.filter((identity) => holdsPort(identity, port));
    const waitFree = async (ms: number) => {
      const until = performance.now() + ms;
      while (holding().length > 0 && performance.now() < until && !signal.aborted) await delay(25);
    };
    for (const one of processes) {
      const refusal = refusalOf(one, look, port);
      if (refusal === null || identify(one.pid) === null) continue;
      throw new Error(refusal);
    }
    for (const phase of ['SIGTERM', 'SIGKILL'] as const) {
      for (const identity of holding()) {
        if (signal.aborted) return;
        const sent = sendSignal(identity, phase);
        note(`${phase} for what listens on the port: ${sent}`, { pid: identity.pid, port });
        if (sent === 'refused' || sent === 'forbidden')
          throw new Error(`process ${identity.pid} may not be signalled (${sent})`);
      }
      await waitFree(phase === 'SIGTERM' ? termMs : killMs);
    }
  },
  async verify({ ports, targetName }) {
    const look = await ports.look(portOf(targetName));
    if (!look) return 'unknown';
    return look.holders.length === 0 && !look.hidden ? 'fixed' : 'not_fixed';
  },
});
