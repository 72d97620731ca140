import type { ProviderView } from './faces.ts';
import type { ActionContext } from './define-action.ts';

/** The provider that is meant: of `provider:<id>`, or of `model:<provider>/<model>`. */
export function providerOf({ targetClass, targetName }: ActionContext<unknown>): string {
  return targetClass === 'model' ? (targetName.split('/')[0] ?? '') : targetName;
}

/** The provider, looked at now; a text says why there is none. */
export async function lookAtProvider(context: ActionContext<unknown>): Promise<ProviderView | string> {
  const id = providerOf(context);
  return (await context.gateway.provider(id)) ?? `the gateway has no provider ${id}`;
}

export const timeOf = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

/** Waits, at most until the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });
}
