import type { ActionPlan, ActionRun, RiskClass, Scope, Service } from '@vigiles/contract';
import { fault, failed, ok, type Result } from '../../kernel/fault.ts';
import { createContext, isConfig, isPerson, viewOf } from './context.ts';
import { redactData, redactText } from './core/redact.ts';
import type { ActionContext, ActionDefinition } from './define-action.ts';
import { everything } from './guard-book.ts';
import type { Runner, RunnerDeps } from './runner.ts';
import type { TargetView } from './targets.ts';

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
  /** Whoever asked has said so at the door it came through: it neither waits for a veto nor for an approval. */
  confirmed?: boolean;
  /** Pattern that the cooldown counts: a fault's code, or an incident's fingerprint. */
  fault?: string;
}

/** A run under way: as it was journaled, and how it will have ended. */
export interface Requested {
  run: ActionRun;
  done: Promise<ActionRun>;
}

interface Found {
  definition: ActionDefinition;
  view: TargetView;
  params: unknown;
}

const targetsOf = (definition: ActionDefinition) => definition.targets ?? (['service'] as const);

/** Asking, planning, approving: everything before a run is driven. */
export function createActionService(deps: RunnerDeps, runner: Runner) {
  const { clock, newId, definitions, guards, store } = deps;
  let closed = false;

  function find(request: ActionRequest): Result<Found> {
    const definition = definitions.get(request.action);
    if (!definition)
      return failed(fault('not-found', 'unknown_action', `There is no action “${request.action}”.`));
    const view = viewOf(deps.faces(), request.target);
    if (!view) {
      const classes = targetsOf(definition).filter((one) => one !== 'service' && one !== 'host');
      const named = classes.length === 0 ? '' : ` Other targets begin with ${classes.join(':, ')}:.`;
      const message = `There is no service “${request.target}”.${named}`;
      return failed(fault('not-found', 'unknown_service', message));
    }
    if (!targetsOf(definition).includes(view.class)) {
      const message = `${definition.id} is for ${targetsOf(definition).join(', ')}; ${request.target} is a ${view.class}.`;
      return failed(fault('invalid', 'bad_params', message, { details: { problems: [message] } }));
    }
    const parsed = definition.params.safeParse(request.params ?? {});
    if (!parsed.success) {
      const problems = parsed.error.issues.map(({ path, message }) =>
        path.length === 0 ? message : `${path.join('.')}: ${message}`,
      );
      const message = `The parameters do not fit ${definition.id}: ${problems.join('; ')}`;
      return failed(fault('invalid', 'bad_params', message, { details: { problems } }));
    }
    return ok({ definition, view, params: parsed.data });
  }

  const lookContext = (request: ActionRequest, params: unknown): ActionContext<never> =>
    createContext(deps.faces(), clock.now, {
      ...request,
      params,
      incidentId: request.incidentId ?? null,
      runId: '',
    });

  /** Why the watchdog must keep its hands off, whatever the guards say. */
  function handsOff(definition: ActionDefinition, { service }: TargetView): string | null {
    if (definition.id === 'ignore' || !service) return null;
    if (service.state === 'STOPPED_BY_USER') return 'a person stopped this service on purpose';
    if (service.state === 'MAINTENANCE') return 'the service is in maintenance';
    if (service.parentDown !== null) return `${service.parentDown}, which it depends on, is down`;
    return null;
  }

  const refused = (guard: string, reason: string, more: object = {}) =>
    failed(
      fault('conflict', 'action_refused', `Refused: ${reason}.`, { details: { guard, reason, ...more } }),
    );

  /** What the guards say; opens a breaker where they say so. null: it may. */
  async function guardRefusal(request: ActionRequest, pattern: string) {
    const verdict = guards.judge(request.target, pattern);
    if (verdict.allow) return null;
    const { guard, reason, retryInMs, needsPerson } = verdict;
    if (verdict.trips)
      await runner.tripped(guard === 'storm' ? everything : request.target, reason, request.actor);
    return refused(guard, reason, { retryInMs, needsPerson });
  }

  function newRun(request: ActionRequest, found: Found, steps: readonly string[]): ActionRun {
    const { definition, view, params } = found;
    const { veto_s, approval_expires_s } = deps.faces().settings();
    const context = lookContext(request, params);
    const risk: RiskClass = definition.risk(view, context);
    const approvalMs = definition.approvalMs?.(context) ?? approval_expires_s * 1000;
    const unasked = !request.confirmed && !isConfig(request.actor);
    const veto = risk === 'disruptive' && unasked ? veto_s * 1000 : 0;
    const approval = risk === 'destructive' && !request.confirmed;
    const now = clock.now();
    return {
      id: newId('run'),
      action: definition.id,
      target: request.target,
      params: redactData(params as Record<string, unknown>),
      risk,
      state: approval ? 'awaiting_approval' : veto > 0 ? 'vetoing' : 'running',
      outcome: null,
      actor: request.actor,
      incident_id: request.incidentId ?? null,
      reason: redactText(request.reason),
      attempt: request.attempt ?? 1,
      steps: steps.map(redactText),
      veto_until: veto > 0 ? now + veto : null,
      created_at: now,
      started_at: null,
      finished_at: null,
      evidence: [],
      message: '',
      approval_until: approval ? now + approvalMs : null,
      approved_by: null,
      cancelled_by: null,
      stable_until: null,
      undoable: false,
    };
  }

  return {
    /** What it would do and why it would be refused; changes nothing. */
    async plan(request: ActionRequest): Promise<Result<ActionPlan>> {
      const found = find(request);
      if (!found.ok) return found;
      const { definition, view, params } = found.value;
      const context = lookContext(request, params);
      const busy = runner.lockHolder(definition, request.target);
      const [steps, refusal] = await Promise.all([definition.plan(context), definition.precheck(context)]);
      return ok({
        action: definition.id,
        target: request.target,
        risk: definition.risk(view, context),
        steps: steps.map(redactText),
        refusal: busy ? `another action is under way (${busy})` : refusal && redactText(refusal),
        params: redactData(params as Record<string, unknown>),
        undoable: definition.rollback !== undefined,
        guards: definition.guarded ? guards.state(request.target) : null,
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
        const before = sameLive(key) ?? (await store.byKey(key).catch(() => null));
        if (before) return ok({ run: before.run, done: ending(before.run) });
      }
      const pattern = request.fault ?? definition.id;
      const counted = automatic && definition.guarded && !isConfig(request.actor);
      const holds = async () => {
        const busy = runner.lockHolder(definition, request.target);
        if (busy) return refused('lock', `another action is under way (${busy})`);
        const blocked = automatic ? handsOff(definition, view) : null;
        if (blocked) return refused('hands_off', blocked);
        return counted ? guardRefusal(request, pattern) : null;
      };
      const held = await holds();
      if (held) return held;
      const context = lookContext(request, params);
      const refusal = await definition.precheck(context);
      if (refusal !== null) return refused('precheck', redactText(refusal));
      const steps = await definition.plan(context);
      // Both looks may have taken a while. From here to the lock nothing is awaited.
      const busy = runner.lockHolder(definition, request.target);
      if (busy) return refused('lock', `another action is under way (${busy})`);
      if (closed && automatic) return refused('ending', 'Vigiles is being stopped');
      const late = counted ? guards.judge(request.target, pattern) : null;
      if (late && !late.allow) return refused(late.guard, late.reason, late);
      const run = newRun(request, found.value, steps);
      const moved = counted ? guards.attempt(request.target, pattern) : undefined;
      // What is journaled has no secrets in it; what is done has the parameters as they were asked.
      const begun = await runner.begin({ run, key, fault: pattern }, definition, moved, params);
      return begun.ok ? ok({ run: begun.value.run, done: begun.value.done }) : begun;
    },

    /** Nothing begins by itself any more; a person's HALT is not held up. */
    close(): void {
      closed = true;
    },

    async cancel(id: string, actor: string): Promise<Result<ActionRun>> {
      const run = runner.live(id);
      if (!run) return notUnderWay(id);
      return ok(await runner.cancel(run, actor));
    },

    /** `scopes` are those of who approves; without them only what anybody may approve is. */
    async approve(id: string, actor: string, scopes: readonly Scope[] = []): Promise<Result<ActionRun>> {
      const run = runner.live(id);
      if (!run) return notUnderWay(id);
      if (run.run.state !== 'awaiting_approval') {
        return failed(fault('conflict', 'not_awaiting_approval', 'This run does not wait for an approval.'));
      }
      const byAnother =
        run.definition.approvalByAnother === true || deps.faces().settings().approval_by_another;
      if (byAnother && actor === run.run.actor) {
        const message = 'Whoever asked for this may not approve it; somebody else has to.';
        return failed(fault('forbidden', 'approval_by_another', message));
      }
      const needed = run.definition.approvalScope;
      if (needed && !scopes.includes(needed) && !scopes.includes('admin'))
        return failed(
          fault('forbidden', 'scope_missing', `Approving this needs the scope "${needed}".`, {
            details: { needed, granted: [...scopes] },
          }),
        );
      run.run = { ...run.run, approved_by: actor, message: `approved by ${actor}` };
      run.release('go');
      return ok(run.run);
    },

    /** Puts back what a finished run changed. */
    async undo(id: string, actor: string): Promise<Result<ActionRun>> {
      if (runner.live(id))
        return failed(fault('conflict', 'run_under_way', 'It is under way still; cancel it instead.'));
      const past = await store.byId(id);
      if (!past) return notUnderWay(id);
      const definition = definitions.get(past.run.action);
      if (!definition) return failed(fault('conflict', 'not_undoable', 'Its action is not there any more.'));
      return runner.undo(past, definition, actor);
    },

    /** Cancels whatever the watchdog has under way for a target: a person took over. */
    async cancelAutomatic(target: string, why: string): Promise<void> {
      const runs = runner.liveRuns().filter(({ run }) => run.target === target && !isPerson(run.actor));
      await Promise.all(runs.map((run) => runner.cancel(run, why)));
    },

    /** Cancels what is under way for an incident, whoever asked for it. */
    async cancelFor(incidentId: string, actor: string): Promise<void> {
      const runs = runner.liveRuns().filter(({ run }) => run.incident_id === incidentId);
      await Promise.all(runs.map((run) => runner.cancel(run, actor)));
    },

    /** The run of an incident that waits for an approval, if one does. */
    awaitingApproval(incidentId: string): string | null {
      const waits = ({ run }: { run: ActionRun }) =>
        run.incident_id === incidentId && run.state === 'awaiting_approval';
      return runner.liveRuns().find(waits)?.run.id ?? null;
    },

    /** What can be pressed on a service now, and if not, why. */
    offered(target: string, ids: readonly string[]): Service['actions'] {
      return ids.flatMap((id) => {
        const definition = definitions.get(id);
        if (!definition) return [];
        const asked = { action: id, target, params: { force: true }, actor: 'device:', reason: '' };
        const busy = runner.lockHolder(definition, target);
        const refusal = definition.precheck(lookContext(asked, asked.params));
        // What takes a look to find out is found out when it is planned.
        const reason = busy ? 'another action is under way' : refusal instanceof Promise ? null : refusal;
        return [
          { action: id, title: definition.title, enabled: reason === null, ...(reason ? { reason } : {}) },
        ];
      });
    },

    /** Guards of which something is remembered, and of what is asked for. */
    guards: (target?: string) => (target === undefined ? guards.targets() : [target]).map(guards.state),
    resetGuard: (target: string, actor: string) => runner.reset(target, actor),
  };

  function sameLive(key: string) {
    return runner.liveRuns().find((run) => run.key === key) ?? null;
  }

  /** How a run that was there already will have ended. */
  function ending(run: ActionRun): Promise<ActionRun> {
    return runner.live(run.id)?.done ?? Promise.resolve(run);
  }

  async function notUnderWay(id: string): Promise<Result<never>> {
    const past = await store.byId(id);
    if (!past) return failed(fault('not-found', 'unknown_run', `There is no run “${id}”.`));
    return failed(fault('conflict', 'run_finished', `This run has ended already (${past.run.outcome}).`));
  }
}

export type ActionService = ReturnType<typeof createActionService>;
