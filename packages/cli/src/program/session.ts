import { Option, type Command } from 'commander';
import { integer, type Verbs } from './verb.ts';

const listing = (command: Command): Command =>
  command
    .option('-n, --limit <number>', 'how many', integer(1, 500), 50)
    .option('--status <list>', 'created, running, halted, completed, failed')
    .option('--waiting', 'only those that wait for an answer')
    .action(async (options) => (await import('../verbs/session.ts')).listSessionsVerb(options));

/** `run`, `attach`, `session …` */
export function declareSessions({ asking, verb, group }: Verbs): void {
  asking('run <agent> [prompt...]', 'start an agent under watch: codex, claude, or one of agents.acp')
    .option('--repo <folder>', 'folder it works in (default: here)')
    .option('--model <name>', 'model it asks for')
    .option('--full', 'it never asks for permission')
    .option('--detach', 'print its session and leave it to work')
    .action(async (agent, prompt, options) =>
      (await import('../verbs/session.ts')).runAgentVerb(agent, prompt, options),
    );
  asking('attach <session>', 'follow a session until it rests')
    .option('-f, --follow', 'and longer')
    .option('--types <list>', 'only these events, such as message:*,skill:failed')
    .action(async (id, options) => (await import('../verbs/session.ts')).attachVerb(id, options));
  listing(asking('sessions', 'agent sessions, the last active ones first'));
  const session = group('session', 'agent sessions: see and steer them');
  listing(asking('list', 'the last active ones first', session));
  asking('show <session>', 'how it stands', session).action(async (id, options) =>
    (await import('../verbs/session.ts')).showSessionVerb(id, options),
  );
  asking('halt <session>', 'end its turn with everything it started', session)
    .option('--reason <text>', 'why')
    .option('--force', 'end the agent itself where its turn does not end')
    .action(async (id, { reason, force, ...options }) =>
      (await import('../verbs/session.ts')).commandVerb(id, 'HALT', { reason, force }, options),
    );
  asking('resume <session> [message...]', 'let it go on', session).action(
    async (id, words: string[], options) =>
      (await import('../verbs/session.ts')).commandVerb(
        id,
        'RESUME',
        words.length > 0 ? { message: words.join(' ') } : {},
        options,
      ),
  );
  asking('redirect <session> <message...>', 'tell it something while it works', session).action(
    async (id, words: string[], options) =>
      (await import('../verbs/session.ts')).commandVerb(
        id,
        'REDIRECT',
        { message: words.join(' ') },
        options,
      ),
  );
  asking('inject <session> <message...>', 'something more to do', session)
    .option('--end', 'when this turn is over')
    .action(async (id, words: string[], { end, ...options }) =>
      (await import('../verbs/session.ts')).commandVerb(
        id,
        'INJECT',
        { message: words.join(' '), position: end ? 'end' : 'next' },
        options,
      ),
    );
  asking('decide <session> [decision] [choice]', 'what it asks, and the answer', session)
    .option('--note <text>', 'why; kept with the answer')
    .action(async (id, decision, choice, options) =>
      (await import('../verbs/decide.ts')).decideVerb(id, decision, choice, options),
    );
  asking('extend <session> <decision>', 'more time for what it asks', session)
    .option('--seconds <number>', 'how much', integer(1, 3600), 60)
    .action(async (id, decision, options) =>
      (await import('../verbs/decide.ts')).extendVerb(id, decision, options),
    );
  asking('rollback <session>', 'put its files back; without --yes it is only shown', session)
    .option('--checkpoint <id>', 'to this one')
    .option('--steps <number>', 'so many turns back', integer(1, 1000), 1)
    .option('--yes', 'do it')
    .action(async (id, options) => (await import('../verbs/session.ts')).rollbackVerb(id, options));
  verb('export <session>', 'its whole log, one event a line', session)
    .option('--out <file>', 'where to write it')
    .addOption(
      new Option('--format <name>', 'as it is, or as AG-UI events')
        .choices(['jsonl', 'ag-ui'])
        .default('jsonl'),
    )
    .action(async (id, options) =>
      (await import('../verbs/export-session.ts')).exportSessionVerb(id, options),
    );
}
