import type { Command } from 'commander';
import { connect } from '../client/api.ts';
import { candidates, hasCandidates } from '../client/candidates.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { say } from '../output/print.ts';

/** What can follow a chain of verbs. */
interface Following {
  chain: string;
  words: string[];
  /** The verb takes a file. */
  files: boolean;
  /** Name of an argument whose words a running Vigiles knows. */
  ids: string | null;
}

/** Words that can follow each chain of verbs: `device` → `pair list …`. */
function wordsAfter(command: Command, chain: string[] = []): Following[] {
  const shown = command.commands.filter((each) => each.name() !== 'ids');
  const verbs = shown.flatMap((each) => [each.name(), ...each.aliases()]);
  const first = command.registeredArguments[0]?.name();
  const options = command.options.flatMap(({ long }) => (long ? [long] : []));
  return [
    {
      chain: chain.join(' '),
      words: [...verbs, ...options],
      files: command.registeredArguments.some((argument) => argument.name() === 'file'),
      ids: first !== undefined && hasCandidates(first) ? first : null,
    },
    ...shown.flatMap((each) =>
      [each.name(), ...each.aliases()].flatMap((name) => wordsAfter(each, [...chain, name])),
    ),
  ];
}

const bash = (words: Following[]) => `_vigiles() {
  local cur=\${COMP_WORDS[COMP_CWORD]} chain="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do [[ $word == -* ]] || chain+="\${chain:+ }$word"; done
  case "$chain" in
${words.map(({ chain, words: list, files, ids }) => `    '${chain}') COMPREPLY=($(compgen${files ? ' -f' : ''} -W "${list.join(' ')}${ids ? ` $(vigiles ids ${ids} 2>/dev/null)` : ''}" -- "$cur"));;`).join('\n')}
    *) COMPREPLY=($(compgen -f -- "$cur"));;
  esac
}
complete -F _vigiles vigiles`;

const zsh = (words: Following[]) => `#compdef vigiles
_vigiles() {
  local chain="" word
  for word in \${words[2,CURRENT-1]}; do [[ $word == -* ]] || chain+="\${chain:+ }$word"; done
  case "$chain" in
${words.map(({ chain, words: list, files, ids }) => `    '${chain}') compadd -- ${list.join(' ')}${ids ? ` \${(f)"$(vigiles ids ${ids} 2>/dev/null)"}` : ''}${files ? '; _files' : ''};;`).join('\n')}
    *) _files;;
  esac
}
compdef _vigiles vigiles`;

const fish = (words: Following[]) => `function __vigiles_chain
  string join ' ' (string match -v -- '-*' (commandline -opc)[2..-1])
end
complete -c vigiles -f
${words.map(({ chain, words: list, files, ids }) => `complete -c vigiles -n 'test (__vigiles_chain) = "${chain}"'${files ? ' -F' : ''} -a '${list.join(' ')}${ids ? ` (vigiles ids ${ids} 2>/dev/null)` : ''}'`).join('\n')}`;

/** `vigiles completion bash|zsh|fish` */
export function completion(shell: string, program: Command): void {
  const write = { bash, zsh, fish }[shell];
  if (!write)
    throw new CliError(`There is no completion for "${shell}"; there is bash, zsh and fish.`, exitCode.usage);
  say(write(wordsAfter(program)));
}

/** `vigiles ids <argument>`: what an argument of this name can be now, for the completion of shells. */
export async function idsVerb(argument: string, { home }: { home?: string }): Promise<void> {
  const words = await candidates(connect(homeOf(home)), argument);
  if (words.length > 0) say(words.join('\n'));
}
