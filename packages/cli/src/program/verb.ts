import { InvalidArgumentError, type Command } from 'commander';
import { clean } from '../output/clean.ts';
import { suggestion } from '../output/suggestion.ts';

/** A whole number in these bounds, as an option's parser. */
export const integer =
  (low: number, high: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < low || value > high)
      throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
    return value;
  };

/** An option that may be given as often as wanted. */
export const collect = (value: string, before: string[]): string[] => [...before, value];

/** Declares verbs: of a shell's command line, or of the console of one home. */
export interface Verbs {
  program: Command;
  /** Set in the console: every verb is about this home. */
  home: string | null;
  verb(name: string, description: string, parent?: Command): Command;
  /** A verb that shows an answer of the API. */
  asking(name: string, description: string, parent?: Command): Command;
  /** Verbs about one thing; without one of them `list` is meant, where there is one. */
  group(name: string, description: string): Command;
}

/** A word that is no verb of its group goes to the group's `list`, which would only say that it has no use for it. */
function nameUnknown(list: Command, group: Command): void {
  list.allowExcessArguments().hook('preAction', () => {
    const word = list.args[list.registeredArguments.length];
    if (word === undefined) return;
    const known = group.commands.map((each) => each.name());
    const message = `There is no command "${clean(`${group.name()} ${word}`)}"${suggestion(word, known)}`;
    list.error(message, { code: 'commander.unknownCommand' });
  });
}

export function declareVerbs(program: Command, home: string | null): Verbs {
  const verb: Verbs['verb'] = (name, description, parent = program) => {
    const isDefault = parent !== program && name === 'list';
    const made = parent.command(name, { isDefault }).description(description);
    if (isDefault) nameUnknown(made, parent);
    return home === null ? made.option('--home <folder>', 'home folder') : made.setOptionValue('home', home);
  };
  return {
    program,
    home,
    verb,
    asking: (name, description, parent) =>
      verb(name, description, parent).option('--json', 'exactly what the API answers'),
    group: (name, description) => program.command(name).description(description),
  };
}
