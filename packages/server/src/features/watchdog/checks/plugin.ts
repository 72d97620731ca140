import { defineCheck, local } from './define-check.ts';
import { cannotTell, unhealthy } from './failed-look.ts';

/** A copy with the references in its texts filled in. */
function filled(value: unknown, resolve: (text: string) => string): unknown {
  if (typeof value === 'string') return resolve(value);
  if (Array.isArray(value)) return value.map((each) => filled(each, resolve));
  return value;
}

export const check = defineCheck({
  type: 'plugin',
  title: 'Plugin',
  target: (config) => config.plugin,
  ...local,
  prepare: (config, { clock, resolve, plugin }) => ({
    async look({ signal }) {
      const begun = clock.monotonic();
      const options = Object.fromEntries(
        Object.entries(config.options).map(([name, value]) => [name, filled(value, resolve)]),
      );
      const timeoutMs = config.timeout_s * 1000;
      const seen = await plugin({ plugin: config.plugin, options, timeoutMs, signal });
      const latencyMs = clock.monotonic() - begun;
      if (seen.state === 'ok') return { ok: true, latencyMs, facts: seen.facts };
      return seen.state === 'failing'
        ? unhealthy(seen.reason, seen.facts)
        : cannotTell(seen.reason, seen.facts);
    },
  }),
});
