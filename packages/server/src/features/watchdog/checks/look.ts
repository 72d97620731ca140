import type { CheckConfig } from '@vigiles/contract';
import { failedLook, type CheckContext, type CheckDefinition, type Look } from './define-check.ts';
import { checks } from './registry.gen.ts';

/** The definition of a check: its config decides the type, so the pair always fits. */
export const definitionOf = (config: CheckConfig): CheckDefinition<CheckConfig['type']> =>
  checks[config.type] as unknown as CheckDefinition<CheckConfig['type']>;

/** Looks once; whatever happens, it ends soon after the time is over and leaves nothing open. */
export async function lookOnce(
  config: CheckConfig,
  context: Omit<CheckContext, 'signal'>,
  stop: AbortSignal,
): Promise<Look> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), config.timeout_s * 1000);
  const onStop = () => abort.abort();
  stop.addEventListener('abort', onStop, { once: true });
  try {
    return await definitionOf(config).look(config, { ...context, signal: abort.signal });
  } catch (thrown) {
    return failedLook(thrown, abort.signal);
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', onStop);
  }
}
