/** How much of the text before a place is looked at. */
export const LEAD_IN_CHARS = 480;

/** `clear`: a call may stand here. `mid`: in the middle of a sentence. `quoted`: the markup is being shown, not used. */
export type LeadIn = 'clear' | 'mid' | 'quoted';

const SHOWING =
  /\b(example|e\.g\.|instance|looks? like|such as|would (write|emit|output|look|send|print|produce|be)|sample|snippet|template|syntax|documentation|docs|don't write|do not write|never (write|emit|output|send)|instead of|log (line|says|shows)|prints|quot(e|es|ed|ing)|literal(ly)?|verbatim)\b/i;
const LIST_OR_COMMENT = /^\s{0,8}([-*+>#|]{1,6}|\/\/|\d{1,3}[.)])(\s|$)/;
/** Markdown’s other way to show code: four spaces after a blank line. */
const INDENTED = /^( {4}|\t)/;
const PARAGRAPH = /^$|(^|\n)[ \t]*\n$/;
const OPENING = /[\\"'“‘«(`=[{]$/u;
const SENTENCE_END = /[.!?…:;。！？：>)\]*_~✅🔍]$/u;
const INTENT =
  /\b(i'll|i will|i’ll|let me|let's|let’s|i need to|i am going to|i'm going to|i’m going to|first|next|now)\b|^\s{0,8}\w{2,20}ing\b/i;
/** A line that cannot be whole: what follows is its object. */
const DANGLING =
  /\b(writes?|emits?|outputs?|prints?|sends?|produces?|returns?|generates?|like|as|is|are|was|be|says?|the|an?|of|to|with|format|called|named|string|markup|tags?|tokens?|block)$/i;

/**
 * What the words before a candidate say about it.
 * @param before the text before it, or its last {@link LEAD_IN_CHARS}
 */
export function leadIn(before: string): LeadIn {
  const lineStart = before.lastIndexOf('\n') + 1;
  const indent = before.slice(lineStart);
  const line = indent.trimEnd();
  if (line === '') {
    const above = before.slice(0, lineStart);
    return INDENTED.test(indent) && PARAGRAPH.test(above) ? 'quoted' : aboveLine(above);
  }
  if (OPENING.test(line) || LIST_OR_COMMENT.test(line) || line.endsWith('<!--')) return 'quoted';
  if (SHOWING.test(line)) return 'quoted';
  if (SENTENCE_END.test(line) || INTENT.test(line)) return 'clear';
  return 'mid';
}

/** At the start of a line the last words above decide. */
function aboveLine(above: string): LeadIn {
  const text = above.trimEnd();
  if (text === '') return 'clear';
  const line = text.slice(text.lastIndexOf('\n') + 1);
  const heading = /^\s{0,3}#/.test(line);
  if ((heading || /[:：]$/u.test(line)) && SHOWING.test(line)) return 'quoted';
  const adjacent = above.indexOf('\n', text.length) === above.length - 1;
  if (adjacent && !INTENT.test(line) && DANGLING.test(line)) return 'mid';
  return 'clear';
}
