import type { Following, Wanted } from './words.ts';

/** Chains with what is wanted after one of their options: `logs --level` → `error warn …`. */
function valuesOf(all: readonly Following[]): { keys: string[]; wanted: Wanted }[] {
  return all.flatMap(({ chain, values }) => {
    const byWanted = new Map<string, { keys: string[]; wanted: Wanted }>();
    for (const [name, wanted] of values) {
      const one = byWanted.get(JSON.stringify(wanted)) ?? { keys: [], wanted };
      one.keys.push(`${chain} ${name}`.trim());
      byWanted.set(JSON.stringify(wanted), one);
    }
    return [...byWanted.values()].filter(({ wanted }) => wanted.words.length > 0 || wanted.ids !== null);
  });
}

const valued = (all: readonly Following[]): string[] => [
  ...new Set(all.flatMap(({ values }) => [...values.keys()])),
];

const set = ({ words, ids, files }: Wanted): string =>
  [`list="${words.join(' ')}"`, ...(ids ? [`ids=${ids}`] : []), ...(files ? ['files=1'] : [])].join(' ');

/** What bash and zsh have in common. Values of options are passed over, so that they count neither as verbs nor as arguments. */
const shared = (all: readonly Following[], before: string, current: string): string => `
  local cur=${current} chain="" prev="" word="" list="" options="" ids="" files="" more=""
  local -i given=0
  local known="|${all.map(({ chain }) => chain).join('|')}|" valued=" ${valued(all).join(' ')} "
  for word in ${before}; do
    if [[ -n $prev ]]; then prev=""
    elif [[ $word == -* ]]; then if [[ $valued == *" $word "* ]]; then prev=$word; fi
    elif ((given == 0)) && [[ $known == *"|\${chain:+$chain }$word|"* ]]; then chain+="\${chain:+ }$word"
    else given=$((given + 1)); fi
  done
  if [[ -n $prev ]]; then
    case "\${chain:+$chain }$prev" in
${valuesOf(all)
  .map(({ keys, wanted }) => `      ${keys.map((key) => `'${key}'`).join('|')}) ${set(wanted)};;`)
  .join('\n')}
      *) files=1;;
    esac
  else
    case "$chain" in
${all
  .map(
    ({ chain, first, more, options }) =>
      `      '${chain}') ${set(first)} options="${options.join(' ')}"${more ? ' more=1' : ''};;`,
  )
  .join('\n')}
    esac
    if [[ $cur == -* ]]; then list=$options ids="" files=""
    elif ((given > 0)) && [[ -z $more ]]; then list="" ids="" files=""; fi
  fi
  if [[ -n $ids ]]; then list+=" $(vigiles ids "$ids" 2>/dev/null)"; fi`;

export const bash = (all: readonly Following[]): string => `_vigiles() {${shared(
  all,
  `"\${COMP_WORDS[@]:1:COMP_CWORD-1}"`,
  `\${COMP_WORDS[COMP_CWORD]}`,
)}
  COMPREPLY=($(compgen \${files:+-f} -W "$list" -- "$cur"))
}
complete -F _vigiles vigiles`;

/** As a file of a folder in \`fpath\` it is the function itself; sourced, it registers one. */
export const zsh = (all: readonly Following[]): string => `#compdef vigiles
_vigiles() {${shared(all, `"\${(@)words[2,CURRENT-1]}"`, `\${words[CURRENT]}`)}
  if [[ -n \${list// /} ]]; then compadd -- \${=list}; fi
  if [[ -n $files ]]; then _files; fi
}
if [[ \${funcstack[1]} == _vigiles ]]; then _vigiles "$@"; else compdef _vigiles vigiles; fi`;

const fishWords = ({ words, ids, files }: Wanted, name: string): string =>
  [
    `set ${name} ${words.join(' ')}`.trimEnd(),
    ...(ids ? [`set ids ${ids}`] : []),
    ...(files ? ['set files 1'] : []),
  ].join('; ');

export const fish = (all: readonly Following[]): string => `function __vigiles_words
  set -l cur (commandline -ct)
  set -l before (commandline -opc)
  set -e before[1]
  set -l known ${all
    .filter(({ chain }) => chain !== '')
    .map(({ chain }) => `'${chain}'`)
    .join(' ')}
  set -l valued ${valued(all).join(' ')}
  set -l chain ''
  set -l prev ''
  set -l given 0
  for word in $before
    set -l longer (string trim -- "$chain $word")
    if test -n "$prev"
      set prev ''
    else if string match -q -- '-*' "$word"
      contains -- "$word" $valued; and set prev "$word"
    else if test $given -eq 0; and contains -- "$longer" $known
      set chain "$longer"
    else
      set given (math $given + 1)
    end
  end
  set -l list
  set -l options
  set -l ids ''
  set -l files 0
  set -l more 0
  if test -n "$prev"
    switch (string trim -- "$chain $prev")
${valuesOf(all)
  .map(
    ({ keys, wanted }) =>
      `      case ${keys.map((key) => `'${key}'`).join(' ')}\n        ${fishWords(wanted, 'list')}`,
  )
  .join('\n')}
      case '*'
        set files 1
    end
  else
    switch "$chain"
${all
  .map(
    ({ chain, first, more, options }) =>
      `      case '${chain}'\n        ${fishWords(first, 'list')}; set options ${options.join(' ')}${more ? '; set more 1' : ''}`,
  )
  .join('\n')}
    end
    if string match -q -- '-*' "$cur"
      set list $options
      set ids ''
      set files 0
    else if test $given -gt 0 -a $more -eq 0
      set list
      set ids ''
      set files 0
    end
  end
  test -n "$list"; and printf '%s\\n' $list
  test -n "$ids"; and vigiles ids $ids 2>/dev/null
  test $files -eq 1; and __fish_complete_path "$cur"
end
complete -c vigiles -f -a '(__vigiles_words)'`;
