import { CommanderError, type Command } from 'commander';
import type { Api } from '../client/api.ts';
import { CliError } from '../exit-codes.ts';
import { clean } from '../output/clean.ts';
import { say } from '../output/print.ts';
import { dim } from '../output/style.ts';
import { suggestion } from '../output/suggestion.ts';
import { createProgram } from '../program.ts';
import { interruptedBy } from '../verbs/interrupt.ts';
import { completeLine } from './complete.ts';
import { splitLine } from './split-line.ts';

export const leaving = ['exit', 'quit'];

const own: readonly (readonly [string, string])[] = [
  ['help [command]', 'this list, or what a command can do'],
  ['exit, quit', 'finish what runs and stop Vigiles'],
];

function helpText(program: Command): string {
  const lines = [
    ...program.commands.map((command): readonly [string, string] => {
      const inner = command.commands.length > 0 ? ' …' : '';
      const aliases = command.aliases().map((alias) => `, ${alias}`);
      return [`${command.name()}${aliases.join('')}${inner}`, command.description()];
    }),
    ...own,
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, does]) => `  ${name.padEnd(width)}  ${dim(does)}`).join('\n');
}

/** Commands that end with what went wrong instead of ending the process. */
function tame(command: Command): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => say(text.trimEnd()),
    writeErr: (text) => say(text.trimEnd()),
  });
  for (const each of command.commands) tame(each);
}

/** The console's words: the verbs of the command line, about one home. */
export interface ConsoleLines {
  /** Runs one line and says what came of it. Failures are told, never thrown. `signal`: Ctrl-C. */
  run(line: string, signal: AbortSignal): Promise<void>;
  complete(line: string): Promise<[string[], string]>;
}

export function createConsoleLines(api: Api, home: string): ConsoleLines {
  // Options of one line must not be those of the next: each line has a program of its own.
  const fresh = (): Command => {
    const program = createProgram({ home }).helpCommand(false);
    tame(program);
    return program;
  };
  const known = fresh();

  return {
    complete: (line) => completeLine(known, line, api),
    async run(line, signal) {
      const { words } = splitLine(line);
      const [name] = words;
      if (name === undefined) return;
      const program = fresh();
      const command = program.commands.find((each) => each.name() === name || each.aliases().includes(name));
      try {
        if (name === 'help' && words.length === 1) return say(helpText(program));
        if (!command && name !== 'help') {
          const names = program.commands.flatMap((each) => [each.name(), ...each.aliases()]);
          return say(
            `There is no command "${clean(name)}"${suggestion(name, [...names, 'help', ...leaving])} (help lists them)`,
          );
        }
        const args = name === 'help' ? [...words.slice(1), '--help'] : words;
        await interruptedBy(signal, () => program.parseAsync(args, { from: 'user' }));
      } catch (thrown) {
        if (thrown instanceof CommanderError || signal.aborted) return;
        const message = thrown instanceof Error ? thrown.message : 'It did not work.';
        if (message !== '' || !(thrown instanceof CliError)) say(message.split('\n').map(clean).join('\n'));
      }
    },
  };
}
