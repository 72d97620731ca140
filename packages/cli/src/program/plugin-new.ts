import { Option, type Command } from 'commander';
import type { Verbs } from './verb.ts';

/** `plugin new` */
export function declarePluginNew({ verb }: Verbs, plugin: Command): void {
  verb('new <name>', 'a folder with a plugin that works, and its test', plugin)
    .addOption(
      new Option('-k, --kind <kind...>', 'what it brings')
        .choices(['check', 'action', 'channel', 'provider', 'tool_call_format'])
        .default(['check'], 'a check'),
    )
    .option('-f, --folder <path>', 'where; without it, a folder of its name here')
    .action(async (name, options) => (await import('../verbs/plugin-new.ts')).newPluginVerb(name, options));
}
