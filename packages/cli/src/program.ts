import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';

const integer =
  (low: number, high: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
    }
    return value;
  };

/** Named here as well, so that --help and completion load nothing else. */
const agentNames = [
  ['claude', 'Claude Code'],
  ['gemini', 'Gemini CLI'],
  ['opencode', 'opencode'],
  ['qwen', 'Qwen Code'],
  ['aider', 'aider'],
  ['continue', 'Continue'],
  ['cline', 'Cline'],
] as const;

const readVersion = (): string =>
  (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;

const exitCodes = `
Exit codes:
  0  done
  1  failed
  2  wrong usage, or a configuration with problems
  3  Vigiles is not running
  4  it runs, but something that matters does not work
  5  an action was refused
  6  an action ended and did not help, or was cancelled, timed out or undone

Environment:
  VIGILES_HOME              home folder (default ~/.vigiles)
  VIGILES_NO_INTERACTIVE=1  no console, as with --no-interactive
  VIGILES_SERVER__PORT=…    any key of vigiles.yaml, levels separated by two underscores
  NO_COLOR=1                no colours`;

/** Every verb with its options. What a verb does is loaded only when it is called, so that --help is quick. */
export function createProgram(): Command {
  const program = new Command('vigiles')
    .description('Mission control for AI coding agents')
    .version(readVersion())
    .addHelpText('after', exitCodes)
    .showHelpAfterError('Try: vigiles --help')
    .configureHelp({ sortSubcommands: false });
  const verb = (name: string, description: string, parent: Command = program): Command =>
    parent.command(name).description(description).option('--home <folder>', 'home folder');
  const asking = (name: string, description: string, parent?: Command): Command =>
    verb(name, description, parent).option('--json', 'exactly what the API answers');

  verb('start', 'start Vigiles; in a terminal with a console')
    .option('--host <address>', 'address to listen on')
    .option('--port <number>', 'port of dashboard and API', integer(0, 65_535))
    .option('--debug', 'log more')
    .option('--no-interactive', 'no console: for services and scripts')
    .action(async (options) => (await import('./verbs/start.ts')).start(options));
  asking('status', 'everything at a glance').action(async (options) =>
    (await import('./verbs/show.ts')).showStatus(options),
  );
  asking('services', 'what is watched, and how it is').action(async (options) =>
    (await import('./verbs/show.ts')).showServices(options),
  );
  asking('incidents', 'what happened, and what was done')
    .option('--all', 'not only the newest')
    .action(async (options) => (await import('./verbs/show.ts')).showIncidents(options));
  asking('health', 'ends with 4 when something that matters does not work').action(async (options) =>
    (await import('./verbs/show.ts')).showHealth(options),
  );
  asking('config', 'the configuration in force').action(async (options) =>
    (await import('./verbs/show.ts')).showConfig(options),
  );
  asking('reload', 'read vigiles.yaml again').action(async (options) =>
    (await import('./verbs/reload.ts')).reload(options),
  );
  asking('mark <title>', 'a deploy or another moment, marked on the charts')
    .option('--service <name>', 'the service it is about')
    .action(async (title, options) => (await import('./verbs/mark.ts')).markVerb(title, options));
  asking('logs', 'the end of the logs')
    .option('-n, --lines <number>', 'how many', integer(1, 1000), 50)
    .addOption(
      new Option('-l, --level <level>', 'this one and what is more serious').choices([
        'debug',
        'info',
        'warn',
        'error',
      ]),
    )
    .option('-c, --category <names>', 'sessions, github, audit, gateway, session-commands …; with commas')
    .option('-t, --text <text>', 'only lines with it')
    .option('-s, --since <moment>', '15m, 2h, 3d, 14:30 or a date')
    .option('-f, --follow', 'and what comes next')
    .action(async (options) => (await import('./verbs/logs.ts')).logs(options));
  asking('sign-in', 'a fresh link for one browser; ten minutes, one use').action(async (options) =>
    (await import('./verbs/sign-in.ts')).signIn(options),
  );

  const connect = program.command('connect').description('let an agent work through Vigiles');
  verb('codex', 'the Codex CLI', connect)
    .option('--codex-home <folder>', 'Codex’s folder (default CODEX_HOME or ~/.codex)')
    .option('--model <name>', 'model to choose where none is chosen')
    .option('--print', 'only show what would be written')
    .action(async (options) => (await import('./verbs/connect-codex.ts')).connectCodexVerb(options));
  for (const [id, name] of agentNames) {
    const how = verb(id, name, connect)
      .option('--user-home <folder>', 'home folder of its settings (default: yours)')
      .option('--model <name>', 'model to choose where none is chosen')
      .option('--print', 'only show what would be written');
    if (id === 'claude')
      how
        .option('--no-hooks', 'without its hooks: it is not seen under Sessions')
        .option('--no-gateway', 'without the gateway: its model traffic goes where it went');
    how.action(async (options) => {
      const { agentOf } = await import('./connect/agents.ts');
      await (await import('./verbs/connect-agent.ts')).connectAgentVerb(agentOf(id), options);
    });
  }
  const disconnect = program.command('disconnect').description('put an agent’s settings back');
  verb('codex', 'the Codex CLI', disconnect)
    .option('--codex-home <folder>', 'Codex’s folder')
    .action(async (options) => (await import('./verbs/disconnect-codex.ts')).disconnectCodexVerb(options));

  for (const [id, name] of agentNames) {
    verb(id, name, disconnect)
      .option('--user-home <folder>', 'home folder of its settings (default: yours)')
      .action(async (options) => {
        const { agentOf } = await import('./connect/agents.ts');
        await (await import('./verbs/disconnect-agent.ts')).disconnectAgentVerb(agentOf(id), options);
      });
  }
  verb('import <file>', 'providers and routes of LiteLLM, claude-code-router or the Codex launcher')
    .option('--apply', 'add them to vigiles.yaml; without it they are only shown')
    .action(async (file, options) => (await import('./verbs/import.ts')).importVerb(file, options));

  const turn = program.command('turn').description('one turn, for a bug report');
  verb('export <id>', 'the turn as a file, secrets taken out', turn)
    .option('--out <file>', 'where to write it; without it, to standard output')
    .action(async (id, options) => (await import('./verbs/turn.ts')).exportTurnVerb(id, options));
  asking('replay <file>', 'what today’s translation makes of it; nothing is sent', turn).action(
    async (file, options) => (await import('./verbs/turn.ts')).replayTurnVerb(file, options),
  );

  const fault = program.command('fault').description('what Vigiles looks for, and what it makes of a text');
  asking('list', 'the fault catalogue, with your own entries; * is yours', fault)
    .option('--category <name>', 'service, provider, model, agent, state or custom')
    .option('--active', 'only what goes on now')
    .action(async (options) => (await import('./verbs/fault.ts')).listFaults(options));
  asking('explain <id>', 'how a fault is seen, what is done, what you can do', fault).action(
    async (id, options) => (await import('./verbs/fault.ts')).explainFault(id, options),
  );
  asking(
    'test <text>',
    'which faults know these lines, and what is still missing; - reads them from standard input',
    fault,
  )
    .option('--source <name>', 'where the lines come from, such as service:api')
    .action(async (text, options) => (await import('./verbs/fault.ts')).testFault(text, options));

  const action = program
    .command('action')
    .description('what Vigiles can do: look, plan, run, cancel, approve, undo');
  const collect = (value: string, before: string[]): string[] => [...before, value];
  const aimed = (name: string, description: string): Command =>
    asking(name, description, action)
      .option('-p, --param <name=value>', 'a parameter; as often as wanted', collect, [])
      .option('--params <json>', 'all parameters as one JSON object');
  asking('list', 'every action, its risk and what it is for', action).action(async (options) =>
    (await import('./verbs/action.ts')).listActions(options),
  );
  aimed('plan <action> <target>', 'what it would do, without doing it').action(async (id, target, options) =>
    (await import('./verbs/action.ts')).planActionVerb(id, target, options),
  );
  aimed('run <action> <target>', 'do it, and follow it to its end')
    .option('--reason <text>', 'why; kept in the audit chain')
    .option('--no-wait', 'do not wait for its end')
    .action(async (id, target, options) =>
      (await import('./verbs/action.ts')).runActionVerb(id, target, options),
    );
  asking('show <run>', 'one run with what was seen', action).action(async (id, options) =>
    (await import('./verbs/action.ts')).showRun(id, options),
  );
  asking('cancel <run>', 'stop it before it starts or while it runs; declines an approval', action).action(
    async (id, options) => (await import('./verbs/action.ts')).answerRunVerb('cancel', id, options),
  );
  asking('approve <run>', 'let a destructive run begin, and follow it', action)
    .option('--no-wait', 'do not wait for its end')
    .action(async (id, options) => (await import('./verbs/action.ts')).answerRunVerb('approve', id, options));
  asking('undo <run>', 'put back what it changed', action).action(async (id, options) =>
    (await import('./verbs/action.ts')).answerRunVerb('undo', id, options),
  );

  const notifications = program
    .command('notifications')
    .description('what people are told, and on which channels');
  asking('list', 'the last ones, and what became of them', notifications)
    .option('-n, --limit <number>', 'how many', integer(1, 500), 20)
    .option('--failed', 'only those that did not arrive somewhere')
    .action(async (options) => (await import('./verbs/notifications.ts')).listNotificationsVerb(options));
  asking('channels', 'every channel and how it does', notifications).action(async (options) =>
    (await import('./verbs/notifications.ts')).listChannelsVerb(options),
  );
  asking('test <channel>', 'send a test; ends with 4 when it does not arrive', notifications).action(
    async (channel, options) => (await import('./verbs/notifications.ts')).testChannelVerb(channel, options),
  );

  const incident = program
    .command('incident')
    .description('what happened, what was decided, and a report of it');
  asking('list', 'newest first', incident)
    .option('--state <state>', 'open, needs_person or closed')
    .option('--target <name>', 'a service, provider:<id>, model:<id>, …')
    .option('--fault <id>', 'an entry of the fault catalogue')
    .option('--search <text>', 'in title, target, fault and id')
    .option('-n, --limit <number>', 'how many', integer(1, 200), 50)
    .action(async (options) => (await import('./verbs/incident.ts')).listIncidentsVerb(options));
  asking('show <id>', 'its whole story; --replay: what would be decided today', incident)
    .option('--replay', 'decide again, as a dry run')
    .action(async (id, options) => (await import('./verbs/incident.ts')).showIncidentVerb(id, options));
  asking('export <id>', 'a report in Markdown, secrets taken out', incident)
    .option('--out <file>', 'where to write it; without it, to standard output')
    .action(async (id, options) => (await import('./verbs/incident.ts')).exportIncidentVerb(id, options));
  asking('ack <id>', 'a person has seen it', incident).action(async (id, options) =>
    (await import('./verbs/incident.ts')).acknowledgeIncidentVerb(id, options),
  );
  asking('knowledge', 'what verifiably helped, by pattern').action(async (options) =>
    (await import('./verbs/incident.ts')).showKnowledgeVerb(options),
  );

  asking('run <agent> [prompt...]', 'start an agent under watch: codex, claude, or one of agents.acp')
    .option('--repo <folder>', 'folder it works in (default: here)')
    .option('--model <name>', 'model it asks for')
    .option('--full', 'it never asks for permission')
    .option('--detach', 'print its session and leave it to work')
    .action(async (agent, prompt, options) =>
      (await import('./verbs/session.ts')).runAgentVerb(agent, prompt, options),
    );
  asking('attach <session>', 'follow a session until it rests')
    .option('-f, --follow', 'and longer')
    .option('--types <list>', 'only these events, such as message:*,skill:failed')
    .action(async (id, options) => (await import('./verbs/session.ts')).attachVerb(id, options));
  const session = program.command('session').description('agent sessions: see and steer them');
  asking('list', 'the last active ones first', session)
    .option('-n, --limit <number>', 'how many', integer(1, 500), 50)
    .option('--status <list>', 'created, running, halted, completed, failed')
    .option('--waiting', 'only those that wait for an answer')
    .action(async (options) => (await import('./verbs/session.ts')).listSessionsVerb(options));
  asking('show <id>', 'how it stands', session).action(async (id, options) =>
    (await import('./verbs/session.ts')).showSessionVerb(id, options),
  );
  asking('halt <id>', 'end its turn with everything it started', session)
    .option('--reason <text>', 'why')
    .option('--force', 'end the agent itself where its turn does not end')
    .action(async (id, { reason, force, ...options }) =>
      (await import('./verbs/session.ts')).commandVerb(id, 'HALT', { reason, force }, options),
    );
  asking('resume <id> [message...]', 'let it go on', session).action(async (id, words: string[], options) =>
    (await import('./verbs/session.ts')).commandVerb(
      id,
      'RESUME',
      words.length > 0 ? { message: words.join(' ') } : {},
      options,
    ),
  );
  asking('redirect <id> <message...>', 'tell it something while it works', session).action(
    async (id, words: string[], options) =>
      (await import('./verbs/session.ts')).commandVerb(id, 'REDIRECT', { message: words.join(' ') }, options),
  );
  asking('inject <id> <message...>', 'something more to do', session)
    .option('--end', 'when this turn is over')
    .action(async (id, words: string[], { end, ...options }) =>
      (await import('./verbs/session.ts')).commandVerb(
        id,
        'INJECT',
        { message: words.join(' '), position: end ? 'end' : 'next' },
        options,
      ),
    );
  asking('decide <id> [decision] [choice]', 'what it asks, and the answer', session)
    .option('--note <text>', 'why; kept with the answer')
    .action(async (id, decision, choice, options) =>
      (await import('./verbs/decide.ts')).decideVerb(id, decision, choice, options),
    );
  asking('extend <id> <decision>', 'more time for what it asks', session)
    .option('--seconds <number>', 'how much', integer(1, 3600), 60)
    .action(async (id, decision, options) =>
      (await import('./verbs/decide.ts')).extendVerb(id, decision, options),
    );
  asking('rollback <id>', 'put its files back; without --yes it is only shown', session)
    .option('--checkpoint <id>', 'to this one')
    .option('--steps <number>', 'so many turns back', integer(1, 1000), 1)
    .option('--yes', 'do it')
    .action(async (id, options) => (await import('./verbs/session.ts')).rollbackVerb(id, options));
  verb('export <id>', 'its whole log, one event a line', session)
    .option('--out <file>', 'where to write it')
    .addOption(
      new Option('--format <name>', 'as it is, or as AG-UI events')
        .choices(['jsonl', 'ag-ui'])
        .default('jsonl'),
    )
    .action(async (id, options) =>
      (await import('./verbs/export-session.ts')).exportSessionVerb(id, options),
    );

  const device = program.command('device').description('who may talk to Vigiles');
  asking('pair <name>', 'a code that lets one device in', device)
    .option('--scopes <list>', 'read, operate, gateway, config, devices, admin', 'read')
    .option('--token', 'print a token instead of a code')
    .action(async (name, options) => (await import('./verbs/device.ts')).pairDevice(name, options));
  asking('list', 'devices and signed-in browsers', device).action(async (options) =>
    (await import('./verbs/device.ts')).listDevices(options),
  );
  asking('rotate <id>', 'a new token; the old one ends', device).action(async (id, options) =>
    (await import('./verbs/device.ts')).rotateDevice(id, options),
  );
  asking('revoke <id>', 'end a device', device).action(async (id, options) =>
    (await import('./verbs/device.ts')).revokeDevice(id, options),
  );

  const secret = program
    .command('secret')
    .description('keys and passwords, encrypted; use them as ${secret:name}');
  verb('set <name>', 'value from standard input or a prompt', secret).action(async (name, options) =>
    (await import('./verbs/secret.ts')).setSecretVerb(name, options),
  );
  asking('list', 'names only', secret).action(async (options) =>
    (await import('./verbs/secret.ts')).listSecretsVerb(options),
  );
  verb('remove <name>', 'forget one', secret).action(async (name, options) =>
    (await import('./verbs/secret.ts')).removeSecretVerb(name, options),
  );

  verb('backup <file>', 'a consistent copy of the store, also while Vigiles runs').action(
    async (file, options) => (await import('./verbs/backup.ts')).backup(file, options),
  );
  verb('restore <file>', 'put a copy back; what is there is put aside').action(async (file, options) =>
    (await import('./verbs/backup.ts')).restoreVerb(file, options),
  );
  program
    .command('demo')
    .description('one minute: an agent works, its service crashes, Vigiles heals it; no key needed')
    .option('--port <number>', 'port of the dashboard (default: a free one)', integer(0, 65_535), 0)
    .option('--keep', 'stay open at the end, to look around')
    .action(async (options) => (await import('./verbs/demo.ts')).demo(options));
  program
    .command('completion')
    .description('completion script for a shell: source <(vigiles completion bash)')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell: string) => (await import('./verbs/completion.ts')).completion(shell, program));
  return program;
}
