import { hashLetters } from '../text/hash.ts';

/** Whose rule a call id must keep. */
export type CallIdRule = 'anthropic' | 'openai' | 'mistral';

const HASH = 9;
const MAX_ID = 64;

/**
 * A call id the target accepts. Conforming ids stay as they are; any other is replaced by a readable stem plus a
 * hash of the original, so that a call and its result, fitted apart, still match.
 * Rules: Anthropic `^[a-zA-Z0-9_-]+$`, OpenAI at most 64 characters, Mistral exactly 9 alphanumerics.
 */
export function fitCallId(id: string, rule: CallIdRule): string {
  if (rule === 'mistral') return /^[a-zA-Z0-9]{9}$/.test(id) ? id : hashLetters(id, HASH);
  const legal = rule === 'openai' ? id.length > 0 : /^[a-zA-Z0-9_-]+$/.test(id);
  if (legal && id.length <= MAX_ID) return id;
  const stem = id.slice(0, MAX_ID - HASH - 1).replace(/[^a-zA-Z0-9_-]/g, '_');
  return `${stem || 'call'}_${hashLetters(id, HASH)}`;
}
