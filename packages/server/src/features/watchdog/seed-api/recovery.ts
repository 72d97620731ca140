import { z } from 'zod';
import { ActionPlan, ActionRun } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import type { Actions } from '../../actions/index.ts';
import type { WatchedService } from '../watched-service.ts';

/** More than this many at once is no recovery but a storm. */
const mostAtOnce = 20;

export const RecoveryRequest = z
  .strictObject({
    service: z.string().max(64).optional().meta({ description: 'Absent: everything that is down.' }),
    plan: z.boolean().default(false).meta({ description: 'Only say what would be done.' }),
    force: z.boolean().default(false).meta({ description: 'Restart it although it is healthy.' }),
  })
  .prefault({});

export const RecoveryAnswer = z.object({
  /** Everything that was asked for was begun. What came of it is in each run once it is finished. */
  success: z.boolean(),
  output: z.string(),
  error: z.string(),
  plans: z.array(ActionPlan),
  runs: z.array(ActionRun),
  refused: z.array(z.object({ service: z.string(), code: z.string(), reason: z.string() })),
});
export type RecoveryAnswer = z.infer<typeof RecoveryAnswer>;

export interface RecoveryDeps {
  services: ReadonlyMap<string, WatchedService>;
  actions: Actions;
}

/** Only what is down, and only what Vigiles runs itself. */
function targetsOf(services: ReadonlyMap<string, WatchedService>, name: string | undefined): string[] {
  if (name === undefined) {
    const down = [...services.values()].filter(
      (service) => service.supervisor && service.memory().state === 'DOWN',
    );
    return down.slice(0, mostAtOnce).map((service) => service.name);
  }
  if (services.has(name)) return [name];
  return raise(fault('not-found', 'unknown_service', `There is no service “${name}”.`));
}

/**
 * The seed’s recovery, through the action runner: each restart is planned, guarded, can be cancelled during its veto,
 * and is verified. The answer says what was begun, not that it worked.
 */
export async function recover(
  { services, actions }: RecoveryDeps,
  request: z.output<typeof RecoveryRequest>,
  actor: string,
): Promise<RecoveryAnswer> {
  const answer: RecoveryAnswer = { success: true, output: '', error: '', plans: [], runs: [], refused: [] };
  const targets = targetsOf(services, request.service);
  const refuse = (service: string, { code, message }: { code: string; message: string }) =>
    answer.refused.push({ service, code, reason: message });
  for (const target of targets) {
    const asked = {
      action: 'restart_service',
      target,
      params: request.force ? { force: true } : {},
      actor,
      reason: 'recovery asked by a person',
    };
    if (request.plan) {
      const plan = await actions.plan(asked);
      if (plan.ok) answer.plans.push(plan.value);
      else refuse(target, plan.fault);
      continue;
    }
    const begun = await actions.request(asked);
    if (begun.ok) answer.runs.push(begun.value.run);
    else refuse(target, begun.fault);
  }
  answer.success = answer.refused.length === 0;
  answer.error = answer.refused.map(({ service, reason }) => `${service}: ${reason}`).join('\n');
  const done = [...answer.plans, ...answer.runs].map(({ target }) => target);
  if (targets.length === 0) answer.output = 'Nothing that Vigiles runs is down.';
  else if (done.length > 0) answer.output = `${request.plan ? 'Planned' : 'Begun'}: ${done.join(', ')}`;
  return answer;
}
