import type { Command } from 'commander';
import { collect, type Verbs } from './verb.ts';

/** `action …` */
export function declareActions({ asking, group }: Verbs): void {
  const action = group('action', 'what Vigiles can do: look, plan, run, cancel, approve, undo');
  const aimed = (name: string, description: string): Command =>
    asking(name, description, action)
      .option('-p, --param <name=value>', 'a parameter; as often as wanted', collect, [])
      .option('--params <json>', 'all parameters as one JSON object');
  asking('list', 'every action, its risk and what it is for', action).action(async (options) =>
    (await import('../verbs/action.ts')).listActions(options),
  );
  aimed('plan <action> <target>', 'what it would do, without doing it').action(async (id, target, options) =>
    (await import('../verbs/action.ts')).planActionVerb(id, target, options),
  );
  aimed('run <action> <target>', 'do it, and follow it to its end')
    .option('--reason <text>', 'why; kept in the audit chain')
    .option('--no-wait', 'do not wait for its end')
    .action(async (id, target, options) =>
      (await import('../verbs/action.ts')).runActionVerb(id, target, options),
    );
  asking('show <run>', 'one run with what was seen', action).action(async (id, options) =>
    (await import('../verbs/action.ts')).showRun(id, options),
  );
  asking('cancel <run>', 'stop it before it starts or while it runs; declines an approval', action).action(
    async (id, options) => (await import('../verbs/action.ts')).answerRunVerb('cancel', id, options),
  );
  asking('approve <run>', 'let a destructive run begin, and follow it', action)
    .option('--no-wait', 'do not wait for its end')
    .action(async (id, options) =>
      (await import('../verbs/action.ts')).answerRunVerb('approve', id, options),
    );
  asking('undo <run>', 'put back what it changed', action).action(async (id, options) =>
    (await import('../verbs/action.ts')).answerRunVerb('undo', id, options),
  );
}
