import { integer, type Verbs } from './verb.ts';

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

/** Starting it. Apart from the other verbs: a start declares no others. */
export function declareStart({ verb }: Verbs): void {
  verb('start', 'start Vigiles; in a terminal with a console')
    .option('--host <address>', 'address to listen on')
    .option('--port <number>', 'port of dashboard and API', integer(0, 65_535))
    .option('--debug', 'log more')
    .option('--no-interactive', 'no console: for services and scripts')
    .action(async (options) => (await import('../verbs/start.ts')).start(options));
}

/** What belongs to a shell and not to the console of a running Vigiles */
export function declareMachine({ program, asking, verb, group }: Verbs): void {
  const connect = group('connect', 'let an agent work through Vigiles');
  verb('codex', 'the Codex CLI', connect)
    .option('--codex-home <folder>', 'Codex’s folder (default CODEX_HOME or ~/.codex)')
    .option('--model <name>', 'model to choose where none is chosen')
    .option('--print', 'only show what would be written')
    .action(async (options) => (await import('../verbs/connect-codex.ts')).connectCodexVerb(options));
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
      const { agentOf } = await import('../connect/agents.ts');
      await (await import('../verbs/connect-agent.ts')).connectAgentVerb(agentOf(id), options);
    });
  }
  const disconnect = group('disconnect', 'put an agent’s settings back');
  verb('codex', 'the Codex CLI', disconnect)
    .option('--codex-home <folder>', 'Codex’s folder')
    .action(async (options) => (await import('../verbs/disconnect-codex.ts')).disconnectCodexVerb(options));

  for (const [id, name] of agentNames) {
    verb(id, name, disconnect)
      .option('--user-home <folder>', 'home folder of its settings (default: yours)')
      .action(async (options) => {
        const { agentOf } = await import('../connect/agents.ts');
        await (await import('../verbs/disconnect-agent.ts')).disconnectAgentVerb(agentOf(id), options);
      });
  }
  verb('import <file>', 'providers and routes of LiteLLM, claude-code-router or the Codex launcher')
    .option('--apply', 'add them to vigiles.yaml; without it they are only shown')
    .action(async (file, options) => (await import('../verbs/import.ts')).importVerb(file, options));

  const secret = group('secret', 'keys and passwords, encrypted; use them as ${secret:name}');
  verb('set <name>', 'value from standard input or a prompt', secret).action(async (name, options) =>
    (await import('../verbs/secret.ts')).setSecretVerb(name, options),
  );
  asking('list', 'names only', secret).action(async (options) =>
    (await import('../verbs/secret.ts')).listSecretsVerb(options),
  );
  verb('remove <name>', 'forget one', secret).action(async (name, options) =>
    (await import('../verbs/secret.ts')).removeSecretVerb(name, options),
  );

  verb('backup <file>', 'a consistent copy of the store, also while Vigiles runs').action(
    async (file, options) => (await import('../verbs/backup.ts')).backup(file, options),
  );
  verb('restore <file>', 'put a copy back; what is there is put aside').action(async (file, options) =>
    (await import('../verbs/backup.ts')).restoreVerb(file, options),
  );
  group('demo', 'one minute: an agent works, its service crashes, Vigiles heals it; no key needed')
    .option('--port <number>', 'port of the dashboard (default: a free one)', integer(0, 65_535), 0)
    .option('--keep', 'stay open at the end, to look around')
    .action(async (options) => (await import('../verbs/demo.ts')).demo(options));
  group('completion', 'completion script for a shell: source <(vigiles completion bash)')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell: string) => (await import('../verbs/completion.ts')).completion(shell, program));
  program
    .command('ids <argument>', { hidden: true })
    .option('--home <folder>', 'home folder')
    .action(async (argument: string, options) =>
      (await import('../verbs/completion.ts')).idsVerb(argument, options),
    );
}
