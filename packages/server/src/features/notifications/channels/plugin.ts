import { defineChannel } from '../define-channel.ts';

/** What a plugin sends. Its process does it; queue, tries and quiet hours are ours as for any channel. */
export const channel = defineChannel({
  type: 'plugin',
  title: 'Plugin',
  perMinute: 30,
  target: (config) => config.plugin,
  send: (config, message, context) =>
    context.plugins.send(config.plugin, config.options, message, context.signal),
});
