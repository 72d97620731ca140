import type { ActionPlan, ActionRun, RiskClass, Service } from '@vigiles/contract';
import { fault, failed, ok, type Result } from '../../kernel/fault.ts';
import type { ActionContext, ActionDefinition } from './define-action.ts';
import { redactData, redactText } from './core/redact.ts';
import type { Runner, RunnerDeps } from './runner.ts';
import type { ServiceView } from './targets.ts';

/** What is asked of the runner. */
export interface ActionRequest {
  action: string;
  target: string;
  params?: Record<string, unknown>;
  /** `device:<id>` for people, otherwise the name of the part that decides: `watchdog`. */
  actor: string;
  reason: string;
  incidentId?: string;
  /** 1 for the first try within an incident. */
  attempt?: number;
  /** Fault code: what the cooldown counts. */
  fault?: string;
}

/** A run under way: as it was journaled, and how it will have ended. */
export interface Requested {
  run: ActionRun;
  done: Promise<ActionRun>;
}

const isPerson = (actor: string) => actor.startsWith('device:');
/** A change of the configuration is what a person wants: its restarts neither wait for a veto nor count as attempts. */
const isConfig = (actor: string) => actor === 'config';

/** Asking, planning, approving: everything before a run is driven. */
export function createActionService(deps: RunnerDeps, runner: Runner) {
  const { clock, newId, definitions, guards, store } = deps;

  function find(
    request: ActionRequest,
  ): Result<{ definition: ActionDefinition; view: ServiceView; params: unknown }> {
    const definition = definitions.get(request.action);
    if (!definition)
      return failed(fault('not-found', 'unknown_action', `There is no action “${request.action}”.`));
    const view = deps.services().look(request.target);
    if (!view)
      return failed(fault('not-found', 'unknown_service', `There is no service “${request.target}”.`));
    const parsed = definition.params.safeParse(request.params ?? {});
    if (!parsed.success) {
      const details = {
        problems: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
      };
      return failed(
        fault('invalid', 'bad_params', `The parameters do not fit ${definition.id}.`, { details }),
      );
    }
    return ok({ definition, view, params: parsed.data });
  }

  const lookContext = (request: ActionRequest, params: unknown): ActionContext<never> => ({
    target: request.target,
    params: params as never,
    services: deps.services(),
    reason: request.reason,
    incidentId: request.incidentId ?? null,
    signal: new AbortController().signal,
    memory: new Map(),
    note: () => undefined,
    alert: () => undefined,
  });

  /** Why the watchdog must keep its hands off, whatever the guards say. */
  function handsOff(definition: ActionDefinition, view: ServiceView): string | null {
    if (definition.id === 'ignore') return null;
    if (view.state === 'STOPPED_BY_USER') return 'a person stopped this service on purpose';
    if (view.state === 'MAINTENANCE') return 'the service is in maintenance';
    if (view.parentDown !== null) return `${view.parentDown}, which it depends on, is down`;
    return null;
  }

  const refused = (guard: string, reason: string, more: object = {}) =>
    failed(
      fault('conflict', 'action_refused', `Refused: ${reason}.`, { details: { guard, reason, ...more } }),
    );

  function newRun(
    request: ActionRequest,
    definition: ActionDefinition,
    view: ServiceView,
    params: unknown,
  ): ActionRun {
    const risk: RiskClass = definition.risk(view);
    const veto = risk === 'disruptive' && !isConfig(request.actor) ? deps.vetoMs() : 0;
    const now = clock.now();
    return {
      id: newId('run'),
      action: definition.id,
      target: request.target,
      params: redactData(params as Record<string, unknown>),
      risk,
      state: risk === 'destructive' ? 'awaiting_approval' : veto > 0 ? 'vetoing' : 'running',
      outcome: null,
      actor: request.actor,
      incident_id: request.incidentId ?? null,
      reason: redactText(request.reason),
      attempt: request.attempt ?? 1,
      steps: definition.plan(lookContext(request, params)).map(redactText),
      veto_until: veto > 0 ? now + veto : null,
      created_at: now,
      started_at: null,
      finished_at: null,
      evidence: [],
      message: '',
    };
  }

  return {
    /** What it would do and why it would be refused; changes nothing. */
    plan(request: ActionRequest): Result<ActionPlan> {
      const found = find(request);
      if (!found.ok) return found;
      const { definition, view, params } = found.value;
      const context = lookContext(request, params);
      const busy = runner.lockHolder(definition, request.target);
      return ok({
        action: definition.id,
        target: request.target,
        risk: definition.risk(view),
        steps: definition.plan(context).map(redactText),
        refusal: busy ? `another action is under way (${busy})` : definition.precheck(context),
      });
    },

    /**
     * Asks for a run. A person is only held by the lock and the action's own precheck; everybody else also by
     * the guards. A refusal has the code `action_refused` and says in `details` which guard and when to ask again.
     */
    async request(request: ActionRequest): Promise<Result<Requested>> {
      const found = find(request);
      if (!found.ok) return found;
      const { definition, view, params } = found.value;
      const automatic = !isPerson(request.actor);
      const attempt = request.attempt ?? 1;
      const key = request.incidentId ? `${request.incidentId}/${definition.id}/${attempt}` : null;
      if (key) {
        const sameLive = runner.liveRuns().find((run) => run.key === key);
        if (sameLive) return ok({ run: sameLive.run, done: sameLive.done });
        const before = await store.byKey(key).catch(() => null);
        if (before) return ok({ run: before.run, done: Promise.resolve(before.run) });
      }
      const busy = runner.lockHolder(definition, request.target);
      if (busy) return refused('lock', `another action is under way (${busy})`);
      const blocked = automatic ? handsOff(definition, view) : null;
      if (blocked) return refused('hands_off', blocked);
      const faultCode = request.fault ?? definition.id;
      const counted = automatic && definition.guarded && !isConfig(request.actor);
      if (counted) {
        const verdict = guards.judge(request.target, faultCode);
        if (!verdict.allow) {
          if (verdict.trips) {
            const target = verdict.guard === 'storm' ? '*' : request.target;
            await store.saveGuards(guards.trip(target)).catch((thrown: unknown) => {
              deps.log.error({ err: thrown }, 'A guard could not be stored');
            });
          }
          const { guard, reason, retryInMs, needsPerson } = verdict;
          return refused(guard, reason, { retryInMs, needsPerson });
        }
      }
      const refusal = definition.precheck(lookContext(request, params));
      if (refusal !== null) return refused('precheck', refusal);
      const run = newRun(request, definition, view, params);
      const moved = counted ? guards.attempt(request.target, faultCode) : undefined;
      const begun = await runner.begin({ run, key, fault: faultCode }, definition, moved);
      return begun.ok ? ok({ run: begun.value.run, done: begun.value.done }) : begun;
    },

    async cancel(id: string, actor: string): Promise<Result<ActionRun>> {
      const run = runner.live(id);
      if (!run) return notUnderWay(id);
      return ok(await runner.cancel(run, actor));
    },

    async approve(id: string, actor: string): Promise<Result<ActionRun>> {
      const run = runner.live(id);
      if (!run) return notUnderWay(id);
      if (run.run.state !== 'awaiting_approval') {
        return failed(fault('conflict', 'not_awaiting_approval', 'This run does not wait for an approval.'));
      }
      run.run = { ...run.run, message: `approved by ${actor}` };
      run.release('go');
      return ok(run.run);
    },

    /** Cancels whatever the watchdog has under way for a target: a person took over. */
    async cancelAutomatic(target: string, why: string): Promise<void> {
      const runs = runner.liveRuns().filter(({ run }) => run.target === target && !isPerson(run.actor));
      await Promise.all(runs.map((run) => runner.cancel(run, why)));
    },

    /** What can be pressed on a service now, and if not, why. */
    offered(target: string, ids: readonly string[]): Service['actions'] {
      return ids.flatMap((id) => {
        const definition = definitions.get(id);
        if (!definition) return [];
        const asked = { action: id, target, params: { force: true }, actor: 'device:', reason: '' };
        const busy = runner.lockHolder(definition, target);
        const reason = busy
          ? 'another action is under way'
          : definition.precheck(lookContext(asked, asked.params));
        return [
          { action: id, title: definition.title, enabled: reason === null, ...(reason ? { reason } : {}) },
        ];
      });
    },
  };

  async function notUnderWay(id: string): Promise<Result<never>> {
    const past = await store.byId(id);
    if (!past) return failed(fault('not-found', 'unknown_run', `There is no run “${id}”.`));
    return failed(fault('conflict', 'run_finished', `This run has ended already (${past.run.outcome}).`));
  }
}

export type ActionService = ReturnType<typeof createActionService>;
