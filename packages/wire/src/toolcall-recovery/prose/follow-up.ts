/** Control tokens and closers that may trail a call; they are swallowed with it. */
export const TRAILERS = [
  '<|im_end|>',
  '<|eot_id|>',
  '<|eom_id|>',
  '<|eot|>',
  '<|eom|>',
  '<|python_end|>',
  '<|end|>',
  '<|call|>',
  '<|end_of_text|>',
  '<|endoftext|>',
  '<｜end▁of▁sentence｜>',
  '</s>',
  '[/TOOL_CALLS]',
  '</tool_calls>',
  '</tool_call>',
  '</function_calls>',
  '</think>',
  '</thinking>',
  '<|tool_calls_section_end|>',
];

/** Longest run of white space after a call that is waited for. */
export const MAX_GAP = 4096;

/**
 * Whether text that goes on after markup shows that the markup was part of a sentence: it continues in small letters or
 * with punctuation, without a blank line between.
 */
export function continuesSentence(gap: string, next: string): boolean {
  const breaks = gap.split('\n').length - 1;
  if (breaks > 1) return false;
  return /^[\p{Ll},.;:)\]}"'”’»|=–—-]/u.test(next);
}
