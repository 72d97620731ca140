let segmenter: Intl.Segmenter | null = null;
const plain = /^[\x20-\x7e]*$/;

/** What a person sees as single characters. The tables for other scripts are loaded with the first of their letters. */
export function characters(text: string): string[] {
  if (plain.test(text)) return text.split('');
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
