import { z } from 'zod';
import {
  findContainerSocket,
  inspectContainer,
  restartContainer,
  type ContainerState,
} from '../../../platform/containers/engine.ts';
import { defineAction, type ActionContext } from '../define-action.ts';
import { pause } from '../provider-target.ts';

const startGraceMs = 120_000;

const socketOf = ({ settings }: ActionContext<unknown>): string | null =>
  findContainerSocket(settings().container_socket);

async function look(context: ActionContext<unknown>): Promise<ContainerState | string> {
  const socket = socketOf(context);
  if (socket === null) return 'neither Docker nor Podman has a socket here';
  try {
    const found = await inspectContainer(socket, context.targetName, context.signal);
    return found ?? `there is no container ${context.targetName}`;
  } catch (thrown) {
    return `the container engine does not answer: ${(thrown as Error).message}`;
  }
}

const isWell = ({ running, paused, restarting, health }: ContainerState): boolean =>
  running && !paused && !restarting && (health === null || health === 'healthy');

/** Restarts one container of the allow-list. */
export const action = defineAction({
  id: 'restart_container',
  title: 'Restart a container',
  description:
    'Restarts exactly one container of watchdog.restart_containers through Docker’s or Podman’s socket. What a person paused or ended cleanly is left alone. Proven by a new start that is running, and healthy where it has a health check, and stays so.',
  params: z.strictObject({
    stop_s: z.int().min(0).max(300).default(10).meta({ description: 'Time to leave before it is killed.' }),
    force: z.boolean().default(false).meta({ description: 'Also when it looks healthy; people only.' }),
  }),
  targets: ['container'],
  guarded: true,
  timeoutMs: 480_000,
  lock: (target) => target,
  risk: () => 'disruptive',
  riskAtMost: 'disruptive',
  async plan(context) {
    const found = await look(context);
    if (typeof found === 'string') return [];
    return [
      `Restart the container ${found.name} (${found.id.slice(0, 12)}), with ${context.params.stop_s} s to leave`,
      found.health === null ? 'Wait until it runs' : 'Wait until it is healthy',
    ];
  },
  async precheck(context) {
    if (!context.settings().restart_containers.includes(context.targetName))
      return `${context.targetName} is not one of watchdog.restart_containers`;
    const found = await look(context);
    if (typeof found === 'string') return found;
    const forced = context.params.force && !context.automatic;
    if (forced) return null;
    if (found.paused) return 'a person paused it';
    if (isWell(found)) return 'it is healthy';
    if (found.running && found.health === 'starting') return 'it is starting already';
    // An engine does not say who stopped it; a clean end is nobody's fault.
    if (!found.running && found.exitCode === 0 && !found.outOfMemory)
      return 'it ended cleanly: somebody stopped it';
    return null;
  },
  async perform(context) {
    const socket = socketOf(context);
    const before = await look(context);
    if (typeof before === 'string') throw new Error(before);
    if (socket === null) throw new Error('the container engine is gone');
    context.memory.set('startedAt', before.startedAt);
    // By its id: a name may be given to another container meanwhile.
    await restartContainer(socket, before.id, context.params.stop_s, context.signal);
    context.note('the engine restarted it', { id: before.id.slice(0, 12) });
  },
  async verify(context) {
    const before = context.memory.get('startedAt');
    const until = performance.now() + startGraceMs;
    for (;;) {
      const found = await look(context);
      if (typeof found === 'string') return 'unknown';
      const renewed = before === undefined || found.startedAt !== before;
      if (renewed && isWell(found)) {
        context.memory.set('instance', found.startedAt);
        return 'fixed';
      }
      if (renewed && (found.health === 'unhealthy' || !found.running)) return 'not_fixed';
      if (context.signal.aborted || performance.now() > until) return 'not_fixed';
      await pause(250, context.signal);
    }
  },
  async steady(context) {
    const found = await look(context);
    if (typeof found === 'string') return true;
    return isWell(found) && found.startedAt === context.memory.get('instance');
  },
});
