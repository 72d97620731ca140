import type { Command } from 'commander';
import { CliError, exitCode } from '../exit-codes.ts';
import { say } from '../output/print.ts';

/** Words that can follow each chain of verbs: `device` → `pair list …`. */
function wordsAfter(command: Command, chain: string[] = []): { chain: string; words: string[] }[] {
  const verbs = command.commands.map((each) => each.name());
  const options = command.options.flatMap(({ long }) => (long ? [long] : []));
  return [
    { chain: chain.join(' '), words: [...verbs, ...options] },
    ...command.commands.flatMap((each) => wordsAfter(each, [...chain, each.name()])),
  ];
}

const bash = (words: { chain: string; words: string[] }[]) => `_vigiles() {
  local cur=\${COMP_WORDS[COMP_CWORD]} chain="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do [[ $word == -* ]] || chain+="\${chain:+ }$word"; done
  case "$chain" in
${words.map(({ chain, words: list }) => `    '${chain}') COMPREPLY=($(compgen -W '${list.join(' ')}' -- "$cur"));;`).join('\n')}
    *) COMPREPLY=($(compgen -f -- "$cur"));;
  esac
}
complete -F _vigiles vigiles`;

const zsh = (words: { chain: string; words: string[] }[]) => `#compdef vigiles
_vigiles() {
  local chain="" word
  for word in \${words[2,CURRENT-1]}; do [[ $word == -* ]] || chain+="\${chain:+ }$word"; done
  case "$chain" in
${words.map(({ chain, words: list }) => `    '${chain}') compadd -- ${list.join(' ')};;`).join('\n')}
    *) _files;;
  esac
}
compdef _vigiles vigiles`;

const fish = (words: { chain: string; words: string[] }[]) => `function __vigiles_chain
  string join ' ' (string match -v -- '-*' (commandline -opc)[2..-1])
end
complete -c vigiles -f
${words.map(({ chain, words: list }) => `complete -c vigiles -n 'test (__vigiles_chain) = "${chain}"' -a '${list.join(' ')}'`).join('\n')}`;

/** `vigiles completion bash|zsh|fish` */
export function completion(shell: string, program: Command): void {
  const write = { bash, zsh, fish }[shell];
  if (!write)
    throw new CliError(`There is no completion for "${shell}"; there is bash, zsh and fish.`, exitCode.usage);
  say(write(wordsAfter(program)));
}
