import { z } from 'zod';
import { runProgram } from '../../../platform/process/index.ts';
import { defineAction, type ActionContext } from '../define-action.ts';
import { pause } from '../provider-target.ts';

/** A unit as `systemctl show` tells of it. */
interface UnitState {
  load: string;
  active: string;
  sub: string;
  /** How it ended last: `success` also when somebody stopped it. */
  result: string;
  /** New with every start. */
  invocation: string;
}

const startGraceMs = 90_000;

async function systemctl(context: ActionContext<unknown>, args: readonly string[], timeoutMs: number) {
  const env = { PATH: context.searchPath, LC_ALL: 'C', SYSTEMD_PAGER: '' };
  const command = ['systemctl', '--no-ask-password', '--no-pager', ...args];
  return runProgram({ command, env, timeoutMs, signal: context.signal });
}

async function look(context: ActionContext<unknown>): Promise<UnitState | string> {
  const properties = '--property=LoadState,ActiveState,SubState,Result,InvocationID';
  const end = await systemctl(context, ['show', properties, '--', context.targetName], 10_000);
  if (end.error !== null) return `systemctl cannot be started: ${end.error}`;
  if (end.code !== 0) return `systemctl said: ${end.output.trim().slice(0, 300)}`;
  const said = new Map(
    end.output.split('\n').map((line) => {
      const equals = line.indexOf('=');
      return [line.slice(0, Math.max(0, equals)), line.slice(equals + 1)] as const;
    }),
  );
  const read = (name: string) => said.get(name) ?? '';
  return {
    load: read('LoadState'),
    active: read('ActiveState'),
    sub: read('SubState'),
    result: read('Result'),
    invocation: read('InvocationID'),
  };
}

const isWell = ({ active, sub }: UnitState) => active === 'active' && sub !== 'auto-restart';

/** Restarts one systemd unit of the allow-list. */
export const action = defineAction({
  id: 'restart_unit',
  title: 'Restart a systemd unit',
  description:
    'Restarts exactly one unit of watchdog.restart_units with systemctl. One that a person stopped or masked is left alone. Proven by a new invocation that is active and stays so.',
  params: z.strictObject({
    force: z.boolean().default(false).meta({ description: 'Also when it looks healthy; people only.' }),
  }),
  targets: ['unit'],
  guarded: true,
  timeoutMs: 240_000,
  lock: (target) => target,
  risk: () => 'disruptive',
  riskAtMost: 'disruptive',
  plan: ({ targetName }) => [`systemctl restart ${targetName}`, 'Wait until it is active'],
  async precheck(context) {
    if (!context.settings().restart_units.includes(context.targetName))
      return `${context.targetName} is not one of watchdog.restart_units`;
    const unit = await look(context);
    if (typeof unit === 'string') return unit;
    if (unit.load === 'masked') return 'a person masked it';
    if (unit.load !== 'loaded') return `systemd has no such unit (${unit.load})`;
    if (context.params.force && !context.automatic) return null;
    if (isWell(unit)) return 'it is active';
    if (unit.active === 'activating' && unit.sub !== 'auto-restart') return 'it is starting already';
    if (unit.active === 'inactive' && unit.result === 'success') return 'somebody stopped it';
    return null;
  },
  async perform(context) {
    const before = await look(context);
    if (typeof before === 'string') throw new Error(before);
    context.memory.set('before', before.invocation);
    const end = await systemctl(context, ['restart', '--', context.targetName], 120_000);
    context.note('systemctl ended', { code: end.code, output: end.output.slice(0, 1000) });
    if (end.error !== null) throw new Error(`systemctl cannot be started: ${end.error}`);
    if (end.code !== 0) throw new Error(`systemctl said: ${end.output.trim().slice(0, 300)}`);
  },
  async verify(context) {
    const before = context.memory.get('before');
    const until = performance.now() + startGraceMs;
    for (;;) {
      const unit = await look(context);
      if (typeof unit === 'string') return 'unknown';
      if (isWell(unit) && unit.invocation !== before) {
        context.memory.set('invocation', unit.invocation);
        return 'fixed';
      }
      if (unit.active === 'failed') return 'not_fixed';
      if (context.signal.aborted || performance.now() > until) return 'not_fixed';
      await pause(250, context.signal);
    }
  },
  async steady(context) {
    const unit = await look(context);
    if (typeof unit === 'string') return true;
    return isWell(unit) && unit.invocation === context.memory.get('invocation');
  },
});
