import type { Found, FormatContext, TextFormat } from './formats/text-format.ts';
import { isHeadCode } from './candidates.ts';
import { glance } from './glance.ts';
import { CodeState, QUOTING_OPENERS } from './prose/code-state.ts';
import { continuesSentence, MAX_GAP, TRAILERS } from './prose/follow-up.ts';
import { leadIn, LEAD_IN_CHARS, type LeadIn } from './prose/lead-in.ts';
import { Cursor, type Reading } from './reading/cursor.ts';
import { LastWords } from './last-words.ts';
import { readAllCalls } from './read-all.ts';
import { acceptFound, asThinking, type ScanRules } from './scan-rules.ts';
import type { Piece, RecoveredCall } from './types.ts';

/** Failed readings may look at this many characters for each character of text, and no more: time stays linear. */
const WORK_PER_CHAR = 8;
const FREE_WORK = 1 << 18;

interface Active {
  start: number;
  formats: TextFormat[];
  next: number;
  /** The furthest place any of them looked at. */
  furthest: number;
  cursor: Cursor;
  reading: Reading<Found | undefined>;
}

/** Calls that were read and wait for what follows them. */
interface Group {
  start: number;
  end: number;
  calls: RecoveredCall[];
  /** At least one of them is more than bare JSON. */
  firm: boolean;
}

/**
 * Finds calls in one block of text that arrives in pieces. Whatever the pieces, the same text gives the same result:
 * every decision waits for the characters it depends on, and none depends on anything else.
 */
export class TextScanner {
  readonly #source: { readonly rules: ScanRules };
  #made: FormatContext | undefined;
  readonly #code = new CodeState();
  /** Text not yet released; `#base` is where it begins in the whole block. */
  #buffer = '';
  #base = 0;
  /** How far prose has been looked at. */
  #at = 0;
  readonly #words = new LastWords();
  #closed = false;
  #active: Active | undefined;
  #group: Group | undefined;
  #work = 0;
  /** The verdict on an opener that was not meant holds for the markup inside it. */
  #shown: LeadIn = 'clear';
  #shownInLine = false;
  #out: Piece[] = [];
  /** Places that began like a call and stayed text. */
  unread = 0;

  /** @param source asked for its rules when something first looks like a call */
  constructor(source: { readonly rules: ScanRules }) {
    this.#source = source;
  }

  get #rules(): ScanRules {
    return this.#source.rules;
  }

  get #context(): FormatContext {
    if (this.#made) return this.#made;
    const { table, signal } = this.#rules;
    const made: FormatContext = { table, signal, readAll: (text) => readAllCalls(text, made) };
    this.#made = made;
    return made;
  }

  /** Whether every character so far has been given back. */
  get idle(): boolean {
    return this.#buffer === '';
  }

  /** Characters that failed readings looked at. */
  get work(): number {
    return this.#work;
  }

  /** The last words of the text. */
  get words(): LastWords {
    return this.#words;
  }

  /** Gives back all that is held, as text. */
  abandon(): string {
    this.#active = this.#group = undefined;
    const held = this.#buffer;
    this.#drop(held.length);
    return held;
  }

  /**
   * The short way for a piece in which nothing can begin or end: true when it passes as it is, and then nothing was
   * made but a note of it. Everything else goes through `push`, with the same result.
   */
  passes(text: string): boolean {
    const code = this.#code;
    if (this.#buffer.length > 0 || code.quotedUntil.length > 0) return false;
    const plain = glance(text, code, this.#shown === 'clear');
    if (plain) this.#remember(text);
    return plain;
  }

  push(text: string): Piece[] {
    this.#buffer = this.#buffer === '' ? text : this.#buffer + text;
    return this.#run();
  }

  /** The block ends: what was held is a call or it is text. */
  end(): Piece[] {
    this.#closed = true;
    return this.#run();
  }

  #run(): Piece[] {
    this.#out = [];
    while (this.#step());
    if (!this.#active && !this.#group) this.#release(this.#at);
    const out = this.#out;
    this.#out = [];
    return out;
  }

  /** One move; false when more text is needed or all is done. */
  #step(): boolean {
    if (this.#active) return this.#read(this.#active);
    if (this.#group) return this.#follow(this.#group);
    return this.#prose();
  }

  /** Prose up to the next place where a call could begin. */
  #prose(): boolean {
    const text = this.#buffer;
    const code = this.#code;
    for (; this.#at < text.length; this.#at++) {
      switch (text.charCodeAt(this.#at)) {
        case 10:
          // What was shown ends with its line, or, where it began a line, with its paragraph.
          if (code.lineBlank || this.#shownInLine) this.#shown = 'clear';
          code.newline();
          break;
        case 9:
        case 13:
        case 32:
          break;
        case 96:
        case 126: {
          const taken = this.#ticks();
          if (taken !== 'prose') return taken === 'candidate';
          break;
        }
        case 45:
        case 60:
        case 91:
        case 123: {
          const found = this.#mark();
          if (found !== 'prose') return found === 'candidate';
          code.lineBlank = code.answerBegins;
          break;
        }
        default:
          if (code.lineBlank) {
            const found = this.#word();
            if (found !== 'prose') return found === 'candidate';
            code.lineBlank = false;
          }
      }
    }
    return false;
  }

  /** At `<`, `[`, `{` or `-`. */
  #mark(): 'prose' | 'wait' | 'candidate' {
    const code = this.#code;
    const text = this.#buffer;
    if (code.quotedUntil) {
      const closer = code.quotedUntil;
      if (text.startsWith(closer, this.#at)) code.unquote();
      else if (!this.#closed && closer.startsWith(text.slice(this.#at, this.#at + closer.length)))
        return 'wait';
      return 'prose';
    }
    return code.quoted ? 'prose' : this.#candidate();
  }

  /** The first letter of a line: a few formats begin with a plain word. */
  #word(): 'prose' | 'wait' | 'candidate' {
    const mark = this.#buffer.charCodeAt(this.#at);
    return !this.#code.quoted && isHeadCode(mark) ? this.#candidate() : 'prose';
  }

  #candidate(): 'prose' | 'wait' | 'candidate' {
    const match = this.#rules.candidates.at(this.#buffer, this.#at, this.#closed, this.#code.lineBlank);
    if (match.partial) return 'wait';
    const formats = match.formats.length > 0 ? this.#allowed(match.formats) : [];
    if (formats.length === 0) {
      if (match.quoting) this.#quote(match.quoting);
      return 'prose';
    }
    this.#begin(formats);
    return 'candidate';
  }

  /** An element that quotes begins here; after one that ends thinking the answer begins like a line. */
  #quote(opener: string): void {
    this.#code.quote(opener);
    this.#at += opener.length - 1;
  }

  /** The formats that the words before this place permit. */
  #allowed(given: readonly TextFormat[]): TextFormat[] {
    // Most brackets stand inside a line of prose: the cheap question first.
    const { lineBlank } = this.#code;
    const formats = lineBlank ? given : given.filter(({ evidence }) => evidence !== 'bare');
    if (formats.length === 0) return [];
    const before = this.#words.text() + this.#buffer.slice(Math.max(0, this.#at - LEAD_IN_CHARS), this.#at);
    const lead = this.#shown === 'clear' ? leadIn(before.slice(-LEAD_IN_CHARS)) : this.#shown;
    if (lead !== 'clear' && this.#shown === 'clear') {
      this.#shown = lead;
      this.#shownInLine = !this.#code.lineBlank;
    }
    if (lead === 'quoted') return [];
    return formats.filter(
      ({ evidence }) =>
        evidence === 'token' || (lead === 'clear' && (evidence === 'tag' || this.#code.lineBlank)),
    );
  }

  /** A run of backticks or tildes: a fence, inline code, or the opener of a fenced call. */
  #ticks(): 'prose' | 'wait' | 'candidate' {
    const text = this.#buffer;
    const mark = text.charAt(this.#at);
    let end = this.#at;
    while (text.charAt(end) === mark) end++;
    const length = end - this.#at;
    let rest = end;
    while (rest < text.length && ' \t\r'.includes(text.charAt(rest)) && rest - end < 64) rest++;
    // The line must be seen to its end to know what a fence is; a long one is certainly no closing fence.
    if (!this.#closed && rest === text.length && rest - end < 64) return 'wait';
    if (this.#code.lineBlank && !this.#code.quoted && length === 3) {
      const found = this.#candidate();
      if (found !== 'prose') return found;
    }
    this.#code.run(mark, length, rest === text.length || text.charAt(rest) === '\n');
    this.#at = end - 1;
    return 'prose';
  }

  #begin(formats: TextFormat[]): void {
    if (!this.#group) {
      this.#release(this.#at);
    }
    const start = this.#at;
    this.#active = { start, formats, next: 1, furthest: start, ...this.#reader(formats[0], start) };
  }

  #reader(format: TextFormat | undefined, start: number): Pick<Active, 'cursor' | 'reading'> {
    const cursor = new Cursor(start, start + this.#rules.maxHeldChars);
    if (!format) throw new Error('a candidate without a format');
    return { cursor, reading: format.read(cursor, this.#context) };
  }

  #read(active: Active): boolean {
    const { cursor } = active;
    cursor.text = this.#buffer;
    cursor.closed = this.#closed;
    const step = active.reading.next();
    if (!step.done) return false;
    const format = active.formats[active.next - 1];
    const calls =
      format && step.value && !cursor.overflowed ? acceptFound(format, step.value, this.#rules) : [];
    if (format && calls.length > 0) {
      this.#active = undefined;
      this.#join(active.start, cursor.at, calls, format);
      return true;
    }
    this.#work += cursor.furthest - active.start;
    active.furthest = Math.max(active.furthest, cursor.furthest);
    const following = active.formats[active.next];
    if (following) {
      Object.assign(active, this.#reader(following, active.start), { next: active.next + 1 });
      return true;
    }
    this.#unread(active.start, active.furthest);
    return true;
  }

  /** No format reads a call here: it is prose, and so is the group before it if prose may not follow. */
  #unread(start: number, furthest: number): void {
    if (this.#active?.formats.some(({ evidence }) => evidence !== 'bare')) this.unread++;
    this.#active = undefined;
    if (this.#group) {
      // What follows the group is not a call: the group is judged by it, and the place is read as prose.
      this.#judge(this.#group, start);
      return;
    }
    const spent = this.#work > FREE_WORK + WORK_PER_CHAR * (this.#base + start);
    const fence = this.#buffer.startsWith('```', start);
    this.#at = start;
    if (fence) {
      this.#code.run('`', 3, false);
      this.#at = start + 3;
    } else {
      const quoting = QUOTING_OPENERS.find((opener) => this.#buffer.startsWith(opener, start));
      if (quoting) this.#code.quote(quoting);
      this.#code.lineBlank = false;
      this.#at = spent ? Math.max(furthest, start + 1) : start + 1;
    }
  }

  #join(start: number, end: number, calls: RecoveredCall[], format: TextFormat): void {
    const { thinking } = this.#code;
    const firm = format.evidence !== 'bare' && !thinking;
    if (thinking) for (const { repairs } of calls) asThinking(repairs);
    if (this.#group) {
      this.#group.end = end;
      this.#group.calls.push(...calls);
      this.#group.firm ||= firm;
    } else this.#group = { start, end, calls, firm };
    this.#at = end;
  }

  /** Looks at what follows a group of calls: more of them, the end, or text. */
  #follow(group: Group): boolean {
    const text = this.#buffer;
    let at = group.end;
    while (at < text.length && at - group.end < MAX_GAP && text.charAt(at).trim() === '') at++;
    if (at - group.end >= MAX_GAP) return this.#judge(group, at);
    if (at === text.length) return this.#closed ? this.#commit(group, at) : false;
    for (const trailer of TRAILERS) {
      if (text.startsWith(trailer, at)) {
        group.end = at + trailer.length;
        return true;
      }
      if (!this.#closed && trailer.startsWith(text.slice(at, at + trailer.length))) return false;
    }
    const match = this.#rules.candidates.at(text, at, this.#closed, true);
    if (match.partial) return false;
    const blank = text.slice(group.end, at).includes('\n');
    const formats = match.formats.filter(({ evidence }) => evidence !== 'bare' || blank);
    if (formats.length === 0 || at - group.start > this.#rules.maxHeldChars * 4)
      return this.#judge(group, at);
    this.#at = at;
    this.#begin(formats);
    return true;
  }

  /** Text follows at `at`: bare calls were prose then, and so is markup in the middle of a sentence. */
  #judge(group: Group, at: number): boolean {
    const gap = this.#buffer.slice(group.end, at);
    const prose = !group.firm || continuesSentence(gap, this.#buffer.charAt(at));
    if (!prose) return this.#commit(group, group.end);
    this.#group = undefined;
    this.#at = at;
    this.#code.lineBlank = gap.includes('\n');
    return true;
  }

  #commit(group: Group, end: number): boolean {
    this.#group = undefined;
    this.#out.push({ type: 'calls', calls: group.calls });
    this.#drop(end);
    this.#code.lineBlank = true;
    return this.#at < this.#buffer.length;
  }

  /** Gives back what was looked at as text. */
  #release(end: number): void {
    if (end === 0) return;
    const text = end === this.#buffer.length ? this.#buffer : this.#buffer.slice(0, end);
    const last = this.#out.at(-1);
    if (last?.type === 'text') last.text += text;
    else this.#out.push({ type: 'text', text });
    this.#drop(end);
  }

  #drop(end: number): void {
    this.#remember(end === this.#buffer.length ? this.#buffer : this.#buffer.slice(0, end));
    this.#buffer = this.#buffer.slice(end);
    this.#at = 0;
  }

  #remember(text: string): void {
    this.#base += text.length;
    this.#words.add(text);
  }
}
