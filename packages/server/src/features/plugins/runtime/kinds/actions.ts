import type { PluginActionDeclared, PluginActionStep } from '@vigiles/contract';
import type { z } from 'zod';
import type { ActionContext, ActionDefinition } from '../../../actions/index.ts';
import { optionsSchema } from '../core/options-schema.ts';
import { stepAnswers } from '../messages.ts';
import type { PluginLife } from '../plugin-life.ts';
import { handedSecrets } from '../handed-secrets.ts';
import type { Runtime } from '../runtime.ts';
import { reach } from './reach.ts';

type Context = ActionContext<Record<string, unknown>>;
type Answer<Step extends PluginActionStep> = z.output<(typeof stepAnswers)[Step]>;

const lookMs = 10_000;
const maxSnapshotChars = 65_536;

/** An action of a plugin as the one runner takes it: guards, veto, approval, lock, journal and undo are the runner’s. */
function actionOf(
  runtime: Pick<Runtime, 'get'>,
  resolve: (text: string) => string,
  life: PluginLife,
  name: string,
  declared: PluginActionDeclared,
): ActionDefinition {
  const id = `${life.plugin.id}/${name}`;
  const has = (step: PluginActionStep): boolean => declared.steps.includes(step);

  /** One step, asked of the plugin’s process. Throws with what it says. */
  async function ask<Step extends PluginActionStep>(
    step: Step,
    context: Context,
    timeoutMs: number,
    snapshot?: unknown,
  ): Promise<Answer<Step>> {
    const reached = reach(runtime, id);
    if (!reached.ok) throw new Error(reached.reason);
    const { secrets, clean } = handedSecrets(reached.life.granted, resolve);
    const { target, reason, params, signal } = context;
    let said: unknown;
    try {
      said = await reached.life.call(
        'act',
        {
          name,
          step,
          target,
          reason,
          options: params,
          secrets,
          ...(snapshot === undefined ? {} : { snapshot }),
        },
        { signal, timeoutMs, note: (text) => context.note(clean(text)) },
      );
    } catch (thrown) {
      throw new Error(clean(thrown instanceof Error ? thrown.message : 'it could not be asked'), {
        cause: thrown,
      });
    }
    const answer = stepAnswers[step].safeParse(said);
    if (!answer.success) throw new Error(`the plugin answered nonsense to ${step}`);
    const value: unknown = answer.data;
    return (
      typeof value === 'string'
        ? clean(value)
        : Array.isArray(value)
          ? value.map((each) => (typeof each === 'string' ? clean(each) : (each as unknown)))
          : value
    ) as Answer<Step>;
  }

  const workMs = declared.timeout_s * 1000;
  const definition: ActionDefinition<z.ZodType<Record<string, unknown>>> = {
    id,
    title: declared.title,
    description:
      `${declared.description} (Plugin ${life.plugin.manifest.name} ${life.plugin.version}.)`.trim(),
    params: optionsSchema(declared.options),
    targets: declared.targets,
    // Always: a plugin has no more rights than what is built in.
    guarded: true,
    timeoutMs: workMs + 5000,
    // The same lock as built-in actions on this target: two never change one thing at once.
    lock: (target) => `service:${target}`,
    risk: () => declared.risk,
    riskAtMost: declared.risk,
    async plan(context) {
      const reached = reach(runtime, id);
      const steps = has('plan') && reached.ok ? await ask('plan', context, lookMs).catch(() => []) : [];
      return steps.length > 0 ? steps : [`${declared.title}, by the plugin ${life.plugin.manifest.name}`];
    },
    async precheck(context) {
      const reached = reach(runtime, id);
      if (!reached.ok) return reached.reason;
      if (!has('precheck')) return null;
      return ask('precheck', context, lookMs).catch((thrown: Error) => thrown.message);
    },
    async perform(context) {
      await ask('perform', context, workMs);
    },
    async verify(context) {
      if (has('verify')) return ask('verify', context, workMs);
      if (context.targetClass !== 'service') return 'unknown';
      const seen = await context.services.awaitHealthy(context.target, null, context.signal);
      return seen === 'healthy' ? 'fixed' : seen === 'unhealthy' ? 'not_fixed' : 'unknown';
    },
    ...(has('steady') ? { steady: (context: Context) => ask('steady', context, lookMs) } : {}),
    ...(has('snapshot')
      ? {
          async snapshot(context: Context) {
            const kept = await ask('snapshot', context, workMs);
            if ((JSON.stringify(kept) ?? '').length > maxSnapshotChars)
              throw new Error('what it wants to keep is longer than 64 KB');
            return kept;
          },
        }
      : {}),
    ...(has('rollback')
      ? {
          async rollback(context: Context, snapshot: unknown) {
            await ask('rollback', context, workMs, snapshot);
          },
        }
      : {}),
    ...(has('restored')
      ? { restored: (context: Context, snapshot: unknown) => ask('restored', context, lookMs, snapshot) }
      : {}),
  };
  return definition;
}

/** Every action of every plugin that has said what it brings; also while its process is away, which `precheck` then says. */
export const pluginActions = (
  runtime: Pick<Runtime, 'get' | 'lives'>,
  resolve: (text: string) => string,
): ActionDefinition[] =>
  runtime
    .lives()
    .flatMap((life) =>
      Object.entries(life.declaration()?.actions ?? {}).map(([name, declared]) =>
        actionOf(runtime, resolve, life, name, declared),
      ),
    );
