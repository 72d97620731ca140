/** Elements whose content is shown, not meant. At the start of a line they last until they are closed. */
const QUOTING = new Map([
  ['<!--', '-->'],
  ['<pre>', '</pre>'],
  ['<code>', '</code>'],
  ['<example>', '</example>'],
  ['<xmp>', '</xmp>'],
  ['<blockquote>', '</blockquote>'],
]);

/** Thinking that a server left in the text; a call in it counts only when nothing is said afterwards. */
const THINKING = new Map([
  ['<think>', true],
  ['<thinking>', true],
  ['</think>', false],
  ['</thinking>', false],
]);

export const QUOTING_OPENERS: readonly string[] = [...QUOTING.keys(), ...THINKING.keys()];

/**
 * Where in a Markdown text we are: in a fence, in inline code, in an element that quotes. Inline code ends with its
 * line: a stray backtick must not hide the rest of the answer.
 */
export class CodeState {
  /** Nothing but white space since the line began. */
  lineBlank = true;
  /** The mark and length of the open fence. */
  #fence: { mark: string; length: number } | undefined;
  #inline = 0;
  /** The closer that ends quoting; empty outside. */
  quotedUntil = '';
  #untilLineEnd = false;
  /** Inside `<think>`. */
  thinking = false;
  #thoughtAt = false;

  /** Asked once after a mark: the thinking ended just here. */
  get answerBegins(): boolean {
    const ended = this.#thoughtAt;
    this.#thoughtAt = false;
    return ended;
  }

  /** Calls cannot stand here. */
  get quoted(): boolean {
    return this.#fence !== undefined || this.#inline > 0 || this.quotedUntil !== '';
  }

  /** Inside inline code. */
  get inline(): boolean {
    return this.#inline > 0;
  }

  newline(): void {
    this.lineBlank = true;
    this.#inline = 0;
    if (this.#untilLineEnd) this.unquote();
  }

  /** A run of backticks or tildes. `restBlank`: nothing follows it on its line. */
  run(mark: string, length: number, restBlank: boolean): void {
    const fences = length >= 3 && this.lineBlank;
    this.lineBlank = false;
    if (this.quotedUntil) return;
    if (this.#fence) {
      const closes = fences && mark === this.#fence.mark && length >= this.#fence.length && restBlank;
      if (closes) this.#fence = undefined;
    } else if (fences) this.#fence = { mark, length };
    else if (mark === '`')
      this.#inline = this.#inline === 0 ? length : this.#inline === length ? 0 : this.#inline;
  }

  /** An element that quotes was opened, or one that thinks opened or closed. */
  quote(opener: string): void {
    const thinking = THINKING.get(opener);
    this.#thoughtAt = thinking === false;
    this.thinking = thinking ?? this.thinking;
    this.quotedUntil = QUOTING.get(opener) ?? '';
    this.#untilLineEnd = !this.lineBlank && this.quotedUntil !== '';
  }

  unquote(): void {
    this.quotedUntil = '';
    this.#untilLineEnd = false;
  }
}
