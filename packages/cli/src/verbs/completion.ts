import type { Command } from 'commander';
import { CliError, exitCode } from '../exit-codes.ts';
import { say } from '../output/print.ts';

/** What can follow a chain of verbs. */
interface Following {
  chain: string;
  words: string[];
  /** The verb takes a file. */
  files: boolean;
}

/** Words that can follow each chain of verbs: `device` → `pair list …`. */
function wordsAfter(command: Command, chain: string[] = []): Following[] {
  const verbs = command.commands.map((each) => each.name());
  const options = command.options.flatMap(({ long }) => (long ? [long] : []));
  return [
    {
      chain: chain.join(' '),
      words: [...verbs, ...options],
      files: command.registeredArguments.some((argument) => argument.name() === 'file'),
    },
    ...command.commands.flatMap((each) => wordsAfter(each, [...chain, each.name()])),
  ];
}

const bash = (words: Following[]) => `_vigiles() {
  local cur=\${COMP_WORDS[COMP_CWORD]} chain="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do [[ $word == -* ]] || chain+="\${chain:+ }$word"; done
  case "$chain" in
${words.map(({ chain, words: list, files }) => `    '${chain}') COMPREPLY=($(compgen${files ? ' -f' : ''} -W '${list.join(' ')}' -- "$cur"));;`).join('\n')}
    *) COMPREPLY=($(compgen -f -- "$cur"));;
  esac
}
complete -F _vigiles vigiles`;

const zsh = (words: Following[]) => `#compdef vigiles
_vigiles() {
  local chain="" word
  for word in \${words[2,CURRENT-1]}; do [[ $word == -* ]] || chain+="\${chain:+ }$word"; done
  case "$chain" in
${words.map(({ chain, words: list, files }) => `    '${chain}') compadd -- ${list.join(' ')}${files ? '; _files' : ''};;`).join('\n')}
    *) _files;;
  esac
}
compdef _vigiles vigiles`;

const fish = (words: Following[]) => `function __vigiles_chain
  string join ' ' (string match -v -- '-*' (commandline -opc)[2..-1])
end
complete -c vigiles -f
${words.map(({ chain, words: list, files }) => `complete -c vigiles -n 'test (__vigiles_chain) = "${chain}"'${files ? ' -F' : ''} -a '${list.join(' ')}'`).join('\n')}`;

/** `vigiles completion bash|zsh|fish` */
export function completion(shell: string, program: Command): void {
  const write = { bash, zsh, fish }[shell];
  if (!write)
    throw new CliError(`There is no completion for "${shell}"; there is bash, zsh and fish.`, exitCode.usage);
  say(write(wordsAfter(program)));
}
