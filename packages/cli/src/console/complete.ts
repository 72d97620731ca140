import type { Command, Option } from 'commander';
import type { Api } from '../client/api.ts';
import { candidates } from '../client/candidates.ts';
import { splitLine } from './split-line.ts';

const namesOf = (command: Command): string[] =>
  command.commands.flatMap((each) => [each.name(), ...each.aliases()]);

const takesValue = ({ required, optional }: Option): boolean => required || optional;

/** Words that the value of an option can be. */
async function valuesOf(option: Option, api: Api): Promise<string[]> {
  if (option.argChoices) return option.argChoices;
  return candidates(api, option.attributeName());
}

/** What can stand at the end of a line: verbs, options, their values, ids that the server knows. */
async function wordsAt(
  program: Command,
  before: readonly string[],
  current: string,
  api: Api,
): Promise<string[]> {
  let command = program;
  let given = 0;
  let pending: Option | undefined;
  for (const word of before) {
    if (pending) {
      pending = undefined;
      continue;
    }
    if (word.startsWith('-')) {
      const option: Option | undefined = command.options.find(
        ({ short, long }) => word === short || word === long,
      );
      if (option && takesValue(option)) pending = option;
      continue;
    }
    const next = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (next && given === 0) command = next;
    else given += 1;
  }
  if (pending) return valuesOf(pending, api);
  if (current.startsWith('-'))
    return command.options.flatMap(({ long, hidden }) =>
      long && !hidden && !before.includes(long) ? [long] : [],
    );
  if (command.commands.length > 0 && given === 0) {
    const more = command === program ? ['help', 'exit', 'quit'] : [];
    return [...namesOf(command), ...more];
  }
  const argument = command.registeredArguments[Math.min(given, command.registeredArguments.length - 1)];
  if (!argument || (given >= command.registeredArguments.length && !argument.variadic)) return [];
  return argument.argChoices ?? candidates(api, argument.name());
}

/** Completion for a line, as readline wants it: the words that fit, and the part they stand for. */
export async function completeLine(program: Command, line: string, api: Api): Promise<[string[], string]> {
  const { words, open } = splitLine(line);
  const current = open ? (words.at(-1) ?? '') : '';
  const before = open ? words.slice(0, -1) : words;
  const all = before[0] === 'help' ? namesOf(program) : await wordsAt(program, before, current, api);
  const fitting = all.filter((word) => word.startsWith(current));
  const [only] = fitting;
  // A word that is complete is followed by the next one.
  return [fitting.length === 1 && only !== undefined ? [`${only} `] : fitting, current];
}
