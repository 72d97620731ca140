import type { Command } from 'commander';
import { connect } from '../client/api.ts';
import { candidates } from '../client/candidates.ts';
import { bash, fish, zsh } from '../completion/scripts.ts';
import { wordsAfter } from '../completion/words.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { sayPlain } from '../output/print.ts';

/** `vigiles completion bash|zsh|fish` */
export function completion(shell: string, program: Command): void {
  const write = { bash, zsh, fish }[shell];
  if (!write)
    throw new CliError(`There is no completion for "${shell}"; there is bash, zsh and fish.`, exitCode.usage);
  sayPlain(write(wordsAfter(program)));
}

/** `vigiles ids <argument>`: what an argument of this name can be now, for the completion of shells. */
export async function idsVerb(argument: string, { home }: { home?: string }): Promise<void> {
  const words = await candidates(connect(homeOf(home)), argument);
  if (words.length > 0) sayPlain(words.join('\n'));
}
