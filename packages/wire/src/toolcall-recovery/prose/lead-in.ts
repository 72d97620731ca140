/** How much of the text before a place is looked at. */
export const LEAD_IN_CHARS = 480;

/** `clear`: a call may stand here. `mid`: in the middle of a sentence. `quoted`: the markup is being shown, not used. */
export type LeadIn = 'clear' | 'mid' | 'quoted';

const SHOWING =
  /\b(example|e\.g\.|instance|looks? like|such as|would (write|emit|output|look|send|print|produce|be)|sample|snippet|template|syntax|documentation|docs|don't write|do not write|never (write|emit|output|send)|instead of|log (line|says|shows)|prints|quot(e|es|ed|ing)|literal(ly)?|verbatim)\b/i;
/** Words that show where the writer does not say that they are about to act: they speak of how calls are written. */
const TELLING =
  /\b(like (this|so|that)|as follows|(following|this|that|the|same|other) (format|form|shape|notation|structure|style|way|pattern)|formats?|notation|shape|wraps?|spells?|renders?|expects?|word for word|had (written|said|sent|answered)|wrote|answered|replied|printed|emitted|the difference)\b/i;
/** A label of what was, or of what is right: the whole of what stands before the colon. */
const LABEL =
  /^\s{0,8}[*_]{0,2}(before|after|correct|wrong|right|good|bad|valid|invalid|expected|actual|got|old|new|given|original|example|do|don['’]t)[*_]{0,2}[:：][*_]{0,2}$/i;
/** Something to put into a file. */
const TO_BE_SAVED = /\b(add|put|save|paste|insert|append|copy|write)\b.{0,60}\b(to|in|into)\b/i;
/** Elements that hold what somebody else said. */
const HOLDS =
  /^\s{0,8}<(result|output|file|document|contents?|log|transcript|quote|user|input|tool_response|tool_result|snippet|sample)\b[^<>]{0,200}>$/i;
const SHELL_PROMPT = /^\s{0,8}[$%] \S/;
/** A heading that names a thing, not a step. */
const NAMING_HEADING = /^\s{0,3}#{1,6}\s+(?!.{0,80}(\bstep\b|ing\b|\bcalls?\b|\s\d))\S+(\s\S+)?$/i;
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
  if (SHOWING.test(line) || LABEL.test(line) || tells(line)) return 'quoted';
  if (SENTENCE_END.test(line) || INTENT.test(line)) return 'clear';
  return 'mid';
}

/** At the start of a line the last words above decide. */
function aboveLine(above: string): LeadIn {
  const text = above.trimEnd();
  if (text === '') return 'clear';
  const line = text.slice(text.lastIndexOf('\n') + 1);
  const heading = /^\s{0,3}#/.test(line);
  const colon = /[:：]$/u.test(line);
  if ((heading || colon) && SHOWING.test(line)) return 'quoted';
  if (colon && (tells(line) || LABEL.test(line) || (TO_BE_SAVED.test(line) && !INTENT.test(line))))
    return 'quoted';
  if (NAMING_HEADING.test(line)) return 'quoted';
  const adjacent = above.indexOf('\n', text.length) === above.length - 1;
  if (adjacent && (HOLDS.test(line) || SHELL_PROMPT.test(line))) return 'quoted';
  if (adjacent && !INTENT.test(line) && DANGLING.test(line)) return 'mid';
  return 'clear';
}

/** Whether the last sentence speaks of how calls are written, and announces none. */
function tells(line: string): boolean {
  const sentence = line.slice(
    Math.max(line.lastIndexOf('. '), line.lastIndexOf('! '), line.lastIndexOf('? ')) + 1,
  );
  return TELLING.test(sentence) && !INTENT.test(sentence);
}
