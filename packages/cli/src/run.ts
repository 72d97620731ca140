import { CommanderError, type Command } from 'commander';
import { CliError, exitCode } from './exit-codes.ts';
import { clean } from './output/clean.ts';
import { leaveUnread } from './output/unread.ts';
import { createProgram } from './program.ts';

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : 'unknown');

/** Runs one command line. @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const program = createProgram({ startOnly: args[0] === 'start' });
  const strict = (command: Command): void => {
    command.exitOverride();
    for (const each of command.commands) strict(each);
  };
  strict(program);
  leaveUnread();
  try {
    await program.parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? exitCode.ok);
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCode.ok : exitCode.usage;
    if (thrown instanceof CliError) {
      if (thrown.message !== '')
        process.stderr.write(`${thrown.message.split('\n').map(clean).join('\n')}\n`);
      return thrown.exitCode;
    }
    process.stderr.write(`vigiles: ${clean(messageOf(thrown))}\n`);
    return exitCode.failure;
  }
}
