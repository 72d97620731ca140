import type { TurnRequest } from '../canonical/index.ts';
import { hashLetters } from './hash.ts';

/** OpenAI refuses a longer name of a user. */
const MAX_USER = 64;

/** The same user under a name that OpenAI takes: Claude Code names devices, accounts and sessions in one long text. */
export function fitUser({ user }: TurnRequest): string | undefined {
  if (user === undefined || user.length <= MAX_USER) return user;
  return `${user.slice(0, MAX_USER - 10)}-${hashLetters(user, 9)}`;
}

/** OpenAI's word for Anthropic's tier without priority. */
export const openaiTier = (tier: string | undefined): string | undefined =>
  tier === 'standard_only' ? 'default' : tier;
