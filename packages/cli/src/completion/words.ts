import type { Command, Option } from 'commander';
import { hasCandidates } from '../client/candidates.ts';

/** Words that can stand where the value of an option, or an argument, is wanted. */
export interface Wanted {
  words: readonly string[];
  /** Name of an argument whose words a running Vigiles knows. */
  ids: string | null;
  files: boolean;
}

/** What can follow a chain of verbs: `device` → `pair list …`. */
export interface Following {
  /** Empty for the program itself. */
  chain: string;
  /** Verbs, or what its first argument can be. */
  first: Wanted;
  /** Its first argument can be given several times. */
  more: boolean;
  options: readonly string[];
  /** Options that want a value, by each of their names. */
  values: ReadonlyMap<string, Wanted>;
}

const fileNames = new Set(['file', 'folder', 'path', 'home', 'config', 'out', 'package', 'source']);

const wanted = (name: string | undefined, words: readonly string[] | undefined): Wanted => ({
  words: words ?? [],
  ids: name !== undefined && words === undefined && hasCandidates(name) ? name : null,
  files: name !== undefined && words === undefined && fileNames.has(name),
});

const takesValue = ({ required, optional }: Option): boolean => required || optional;

/** Every chain of verbs with what can follow it. */
export function wordsAfter(command: Command, chain: readonly string[] = []): Following[] {
  const shown = command.commands.filter((each) => each.name() !== 'ids');
  const verbs = shown.flatMap((each) => [each.name(), ...each.aliases()]);
  const argument = command.registeredArguments[0];
  const first = wanted(argument?.name(), argument?.argChoices);
  const values = new Map<string, Wanted>();
  for (const option of command.options.filter(takesValue))
    for (const name of [option.long, option.short])
      if (name) values.set(name, wanted(option.attributeName(), option.argChoices));
  return [
    {
      chain: chain.join(' '),
      first: { ...first, words: [...verbs, ...first.words] },
      more: argument?.variadic ?? false,
      options: [...command.options.flatMap(({ long, hidden }) => (long && !hidden ? [long] : [])), '--help'],
      values,
    },
    ...shown.flatMap((each) =>
      [each.name(), ...each.aliases()].flatMap((name) => wordsAfter(each, [...chain, name])),
    ),
  ];
}
