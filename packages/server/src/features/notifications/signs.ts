import type { Message } from './core/render.ts';

/** A sign in front of a title, where a channel has no colours. */
export function emojiOf({ phase, severity }: Pick<Message, 'phase' | 'severity'>): string {
  if (phase === 'resolved') return '✅';
  if (phase === 'acknowledged') return '👀';
  return { critical: '🔴', warning: '🟠', info: '🔵' }[severity];
}

/** The same as a colour, 0xRRGGBB. */
export function colourOf({ phase, severity }: Pick<Message, 'phase' | 'severity'>): number {
  if (phase === 'resolved') return 0x2e_a0_43;
  if (phase === 'acknowledged') return 0x6e_76_81;
  return { critical: 0xd1_24_2f, warning: 0xd9_8e_04, info: 0x1f_6f_eb }[severity];
}

/** Title, body and link as one plain text. */
export const asText = ({ title, body, link }: Pick<Message, 'title' | 'body' | 'link'>): string =>
  [title, body, link].filter((part) => part !== null && part !== '').join('\n\n');
