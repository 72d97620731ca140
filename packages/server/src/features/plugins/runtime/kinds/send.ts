import type { PluginChannels } from '../../../notifications/index.ts';
import { CallFailure } from '../call-book.ts';
import { optionsSchema, readOptions } from '../core/options-schema.ts';
import { SentAnswer } from '../messages.ts';
import { handedSecrets } from '../handed-secrets.ts';
import type { Runtime } from '../runtime.ts';
import { reach, readReference } from './reach.ts';

const sendMs = 45_000;
const later = (reason: string) => ({ ok: false as const, again: true, reason, answer: '' });
const never = (reason: string) => ({ ok: false as const, again: false, reason, answer: '' });

/** Channels of plugins for the notifications’ queue: what cannot be sent now waits there like anything else. */
export function createPluginChannels(
  runtime: Pick<Runtime, 'get'>,
  resolve: (text: string) => string,
): PluginChannels {
  const declared = (reference: string) => {
    const { plugin, name } = readReference(reference);
    return runtime.get(plugin)?.declaration()?.channels[name] ?? null;
  };
  return {
    perMinute: (reference) => declared(reference)?.per_minute ?? 30,
    async send(reference, given, message, signal) {
      const reached = reach(runtime, reference);
      // It may be installed again, or come up: the queue keeps the message and gives it up in its own time.
      if (!reached.ok) return later(reached.reason);
      const { life, name } = reached;
      const channel = life.declaration()?.channels[name];
      if (!channel) return never(`the plugin ${life.plugin.id} has no channel “${name}”`);
      const read = readOptions(optionsSchema(channel.options), given);
      if (!read.ok) return never(`its options do not fit: ${read.problem}`);
      const { secrets, clean } = handedSecrets(life.granted, resolve);
      try {
        const said = await life.call(
          'send',
          { name, options: read.options, secrets, message },
          { signal, timeoutMs: sendMs },
        );
        const answer = SentAnswer.safeParse(said);
        if (!answer.success) return later(`the plugin ${life.plugin.id} gave no answer that can be read`);
        if (answer.data.ok) return { ok: true, answer: clean(answer.data.answer) };
        const { again, reason, waitMs } = answer.data;
        return {
          ok: false,
          again,
          reason: clean(reason),
          answer: '',
          ...(waitMs === undefined ? {} : { waitMs }),
        };
      } catch (thrown) {
        return later(clean(thrown instanceof CallFailure ? thrown.message : 'it could not be asked'));
      }
    },
  };
}
