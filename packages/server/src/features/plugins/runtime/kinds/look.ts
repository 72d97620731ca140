import type { PluginLook } from '../../../watchdog/index.ts';
import { CallFailure } from '../call-book.ts';
import { optionsSchema, readOptions } from '../core/options-schema.ts';
import { LookAnswer } from '../messages.ts';
import { handedSecrets } from '../handed-secrets.ts';
import type { Runtime } from '../runtime.ts';
import { reach } from './reach.ts';

const unknown = (reason: string) => ({ state: 'unknown' as const, reason, facts: {} });

/**
 * Looks by means of a plugin. A plugin that is missing, does not run or answers nonsense says nothing about what it would have
 * looked at: unknown, with the reason, and never failing.
 */
export const createPluginLook =
  (runtime: Pick<Runtime, 'get'>, resolve: (text: string) => string): PluginLook =>
  async ({ plugin, options, timeoutMs, signal }) => {
    const reached = reach(runtime, plugin);
    if (!reached.ok) return unknown(reached.reason);
    const { life, name } = reached;
    const declared = life.declaration()?.checks[name];
    if (!declared) return unknown(`the plugin ${life.plugin.id} has no check “${name}”`);
    const read = readOptions(optionsSchema(declared.options), options);
    if (!read.ok) return unknown(`its options do not fit: ${read.problem}`);
    const { secrets, clean } = handedSecrets(life.granted, resolve);
    try {
      const said = await life.call('look', { name, options: read.options, secrets }, { signal, timeoutMs });
      const answer = LookAnswer.safeParse(said);
      if (!answer.success) return unknown(`the plugin ${life.plugin.id} gave no answer that can be read`);
      const facts = Object.fromEntries(
        Object.entries(answer.data.facts).map(([fact, value]) => [
          clean(fact),
          typeof value === 'string' ? clean(value) : value,
        ]),
      );
      return answer.data.state === 'ok'
        ? { state: 'ok', facts }
        : { ...answer.data, reason: clean(answer.data.reason), facts };
    } catch (thrown) {
      const message = thrown instanceof CallFailure ? thrown.message : 'it could not be asked';
      return unknown(clean(`the plugin ${life.plugin.id}: ${message}`));
    }
  };
