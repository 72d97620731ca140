import type { ActionContext } from './define-action.ts';
import type { OverrideAsk } from './faces.ts';
import { providerOf } from './provider-target.ts';

const key = 'override';

/** What an action that overrides keeps: nothing was there before, so only the moment counts. */
export const overrideSnapshot = async ({ now }: ActionContext<unknown>): Promise<{ since: number }> => ({
  since: now(),
});

/** Sets an override and remembers it for `verify`. */
export async function setOverride(
  context: ActionContext<unknown>,
  ask: Omit<OverrideAsk, 'provider' | 'reason' | 'actor'>,
): Promise<void> {
  const { gateway, actor, reason, runId, memory, note } = context;
  const made = await gateway.override({
    ...ask,
    provider: providerOf(context),
    // The run stands in it: after a restart it is found again.
    reason: `${runId}: ${reason}`.slice(0, 500),
    actor,
  });
  memory.set(key, made.id);
  note('override set', { override: made.id, until: made.until });
}

/** The override of this run, while it holds. */
export async function ownOverride(context: ActionContext<unknown>) {
  const view = await context.gateway.provider(providerOf(context));
  return view?.overrides.find(({ reason }) => reason.startsWith(`${context.runId}: `)) ?? null;
}

/** Ends the override of this run, if it still holds. */
export async function endOverride(context: ActionContext<unknown>): Promise<void> {
  const own = await ownOverride(context);
  if (own) await context.gateway.endOverride(own.id, context.actor, 'undone');
}

export const overrideEnded = async (context: ActionContext<unknown>): Promise<boolean> =>
  (await ownOverride(context)) === null;
