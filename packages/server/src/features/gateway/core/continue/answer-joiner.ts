import type { TurnEvent, Usage } from '@vigiles/wire';
import { joinUsage } from './join-usage.ts';
import { findSeam, LOOK_AHEAD, type Seam } from './seam.ts';

type StartOfCall = Extract<TurnEvent, { type: 'tool-call-start' }>;
type Finish = Extract<TurnEvent, { type: 'finish' }>;

/** What the next part has to do. */
export type Resume =
  /** Go on in the text. */
  | { kind: 'text'; text: string }
  /** Make the call that was cut once more, whole; `text` is what was said before it. */
  | { kind: 'call'; text: string; name: string };

/** How one continuation was joined, for the turn's record. */
export interface Joint {
  resumed: 'text' | 'call';
  seam: Seam['kind'] | 'call';
  /** Characters that were said twice and shown once. */
  repeated: number;
}

interface Block {
  index: number;
  kind: 'text' | 'call' | 'other';
  text: string;
  start?: StartOfCall;
}

/**
 * Joins the parts of an answer that its provider stopped for length. The client sees one answer: one text block goes on
 * in the same block, a cut call is completed only by the same call made again with the same beginning. Thoughts of later
 * parts are not shown: they belong to a question the client never asked. The end of the last block waits until it is
 * clear that nothing follows.
 */
export class AnswerJoiner {
  /** How each continuation was joined. */
  readonly joints: Joint[] = [];
  /** Usage of every part, in order. */
  readonly usages: Usage[] = [];
  readonly #resumable: (resume: Resume, usages: readonly Usage[], chars: number) => boolean;
  #blocks = 0;
  #callsDone = 0;
  #last: Block | null = null;
  #heldEnd: TurnEvent | null = null;
  #heldFinish: Finish | null = null;
  #usage: Usage | undefined;
  #text = '';
  #chars = 0;
  /** What this part has to do; null in the first one. */
  #resume: Resume | null = null;
  #prefilled = false;
  /** The beginning of a resumed text, until its seam is found. */
  #head: string | null = null;
  /** This part's block numbers to the client's; null: not shown. */
  #map = new Map<number, number | null>();
  #redo: { index: number; input: string } | null = null;
  /** The cut call was made again, whole. */
  #redone = false;

  /** @param resumable whether the answer may go on: asked when it was stopped for length */
  constructor(resumable: (resume: Resume, usages: readonly Usage[], chars: number) => boolean) {
    this.#resumable = resumable;
  }

  /** Takes note of what the client is told as it is, which nearly all is; false: `push` has to judge it. */
  passes(event: TurnEvent): boolean {
    if (this.#resume || this.#heldEnd || event.type !== 'text-delta') return false;
    this.#note(event);
    return true;
  }

  /** Events for the client. When `waiting` answers something afterwards, the next part is to be fetched. */
  push(event: TurnEvent): TurnEvent[] {
    if (event.type === 'usage') {
      this.#usage = event.usage;
      return [{ type: 'usage', usage: joinUsage([...this.usages, event.usage]) }];
    }
    if (event.type === 'finish') return this.#finish(event);
    if (event.type === 'error') return this.#resume ? this.giveUp() : this.#release(event);
    return this.#resume ? this.#nextPart(event, this.#resume) : this.#firstPart(event);
  }

  /** What the next part has to do, once the provider has stopped for length. */
  waiting(): Resume | null {
    return this.#heldFinish ? this.#resume : null;
  }

  /** The next part begins. */
  begin(prefilled: boolean): void {
    this.#heldFinish = null;
    this.#prefilled = prefilled;
    this.#map = new Map();
    this.#redo = null;
    this.#redone = false;
    this.#head = this.#resume?.kind === 'text' ? '' : null;
    this.joints.push({ resumed: this.#resume?.kind ?? 'text', seam: 'plain', repeated: 0 });
  }

  /** No next part can be had: the answer ends as the provider left it. Nothing once it has ended. */
  giveUp(): TurnEvent[] {
    if (!this.#resume) return [];
    const head = this.#flushHead();
    this.#resume = null;
    return [...head, ...this.#end({ type: 'finish', reason: 'length' })];
  }

  #firstPart(event: TurnEvent): TurnEvent[] {
    if (event.type === 'start' || event.type === 'heartbeat') return [event];
    const out = this.#takeEnd();
    this.#note(event);
    if (event.type === 'text-end' || event.type === 'tool-call-end') {
      this.#heldEnd = event;
      return out;
    }
    out.push(event);
    return out;
  }

  #nextPart(event: TurnEvent, resume: Resume): TurnEvent[] {
    if (event.type === 'start') return [];
    if (event.type === 'heartbeat') return [event];
    return resume.kind === 'text' ? this.#resumeText(event) : this.#resumeCall(event, resume);
  }

  #resumeText(event: TurnEvent): TurnEvent[] {
    if (!('index' in event)) return [event];
    if (this.#head !== null && event.type === 'text-start') {
      this.#map.set(event.index, this.#last?.index ?? 0);
      return [];
    }
    const joined =
      this.#last !== null && this.#map.get(event.index) === this.#last.index && this.#last.kind === 'text';
    if (joined && event.type === 'text-delta') return this.#moreText(event.text);
    if (joined && event.type === 'text-end') {
      const head = this.#flushHead();
      this.#heldEnd = { ...event, index: this.#last?.index ?? 0 };
      return head;
    }
    return this.#otherBlock(event);
  }

  /** A block of a later part that is a block of its own for the client. */
  #otherBlock(event: TurnEvent & { index: number }): TurnEvent[] {
    let index = this.#map.get(event.index);
    if (index === undefined) {
      index = event.type === 'reasoning-start' || event.type === 'opaque' ? null : this.#blocks;
      this.#map.set(event.index, index);
    }
    if (index === null) return [];
    const head = this.#flushHead();
    const mapped = { ...event, index };
    const out = [...head, ...this.#takeEnd()];
    this.#note(mapped);
    if (mapped.type === 'text-end' || mapped.type === 'tool-call-end') {
      this.#heldEnd = mapped;
      return out;
    }
    out.push(mapped);
    return out;
  }

  #moreText(text: string): TurnEvent[] {
    if (this.#head === null) return this.#said(text);
    this.#head += text;
    return this.#head.length < LOOK_AHEAD ? [] : this.#flushHead();
  }

  /** The beginning of the resumed text is complete: its seam is looked for. */
  #flushHead(): TurnEvent[] {
    const head = this.#head;
    this.#head = null;
    if (head === null || head === '') return [];
    const seam = findSeam(this.#last?.text ?? '', head, this.#prefilled);
    const joint = this.joints.at(-1);
    if (joint) {
      joint.seam = seam.kind;
      joint.repeated = seam.skip;
    }
    return this.#said(seam.insert + head.slice(seam.skip));
  }

  #said(text: string): TurnEvent[] {
    const last = this.#last;
    if (!last || text === '') return [];
    last.text += text;
    this.#text += text;
    this.#chars += text.length;
    return [{ type: 'text-delta', index: last.index, text }];
  }

  /** Only the same call counts, and only what begins as the cut one did. */
  #resumeCall(event: TurnEvent, resume: Extract<Resume, { kind: 'call' }>): TurnEvent[] {
    if (event.type === 'tool-call-start' && !this.#redo && event.name === resume.name) {
      this.#redo = { index: event.index, input: '' };
      return [];
    }
    const redo = this.#redo;
    if (!redo || !('index' in event) || event.index !== redo.index) return [];
    if (event.type === 'tool-call-delta') {
      redo.input += event.text;
      return this.#moreInput(redo.input);
    }
    if (event.type === 'tool-call-end') {
      const last = this.#last;
      const out = this.#moreInput(event.input);
      if (!last || last.text !== event.input) return out;
      if (last.start?.kind !== 'custom' && !isObject(event.input)) return out;
      this.#redone = true;
      const joint = this.joints.at(-1);
      if (joint) joint.seam = 'call';
      this.#heldEnd = { type: 'tool-call-end', index: last.index, input: event.input };
      return out;
    }
    return [];
  }

  #moreInput(input: string): TurnEvent[] {
    const last = this.#last;
    if (!last || input.length <= last.text.length || !input.startsWith(last.text)) return [];
    const text = input.slice(last.text.length);
    const joint = this.joints.at(-1);
    if (joint && joint.repeated === 0) joint.repeated = last.text.length;
    last.text = input;
    this.#chars += text.length;
    return [{ type: 'tool-call-delta', index: last.index, text }];
  }

  #finish(event: Finish): TurnEvent[] {
    const head = this.#flushHead();
    const used = event.usage ?? this.#usage;
    if (used) this.usages.push(used);
    this.#usage = undefined;
    if (this.#resume?.kind === 'call' && !this.#redone && event.reason !== 'length') {
      return [...head, ...this.#end({ ...event, reason: 'length' })];
    }
    if (event.reason !== 'length') return [...head, ...this.#end(event)];
    const resume = this.#whatIsCut();
    if (resume === 'calls') return [...head, ...this.#end({ ...event, reason: 'tool-calls' })];
    if (resume && this.#resumable(resume, this.usages, this.#chars)) {
      this.#resume = resume;
      this.#heldFinish = event;
      this.#dropHeldEnd();
      return head;
    }
    return [...head, ...this.#end(event)];
  }

  /** `calls`: the calls are whole, the client can go on with them. */
  #whatIsCut(): Resume | 'calls' | null {
    const last = this.#last;
    if (!last) return null;
    if (last.kind === 'text') {
      if (this.#callsDone > 0) return 'calls';
      return last.text.trim() === '' ? null : { kind: 'text', text: this.#text };
    }
    if (last.kind !== 'call' || !last.start) return null;
    if (this.#redone || this.#callIsWhole()) return 'calls';
    return this.#callsDone > 0 ? null : { kind: 'call', text: this.#text, name: last.start.name };
  }

  #callIsWhole(): boolean {
    const last = this.#last;
    return last?.kind === 'call' && last.start?.kind !== 'custom' && isObject(last.text);
  }

  /** The block goes on: its end was not one. */
  #dropHeldEnd(): void {
    this.#heldEnd = null;
  }

  #end(finish: Finish): TurnEvent[] {
    this.#resume = null;
    this.#heldFinish = null;
    const last = this.#last;
    // A block that was held open for a part that never came is closed as it stands.
    const open: TurnEvent[] =
      this.#heldEnd || !last || last.kind === 'other' || this.joints.length === 0
        ? []
        : [
            last.kind === 'text'
              ? { type: 'text-end', index: last.index }
              : { type: 'tool-call-end', index: last.index, input: last.text },
          ];
    const { usage: _usage, ...rest } = finish;
    const usage = this.usages.length > 0 ? { usage: joinUsage(this.usages) } : {};
    return [...this.#takeEnd(), ...open, { ...rest, ...usage }];
  }

  #release(event: TurnEvent): TurnEvent[] {
    return [...this.#takeEnd(), event];
  }

  #takeEnd(): TurnEvent[] {
    const end = this.#heldEnd;
    this.#heldEnd = null;
    if (!end) return [];
    if (end.type === 'tool-call-end') this.#callsDone += 1;
    return [end];
  }

  #note(event: TurnEvent): void {
    switch (event.type) {
      case 'text-start':
        this.#last = { index: event.index, kind: 'text', text: '' };
        this.#blocks = event.index + 1;
        break;
      case 'tool-call-start':
        this.#last = { index: event.index, kind: 'call', text: '', start: event };
        this.#blocks = event.index + 1;
        break;
      case 'reasoning-start':
      case 'refusal-start':
      case 'opaque':
        this.#last = { index: event.index, kind: 'other', text: '' };
        this.#blocks = event.index + 1;
        break;
      case 'text-delta':
        if (this.#last) this.#last.text += event.text;
        this.#text += event.text;
        this.#chars += event.text.length;
        break;
      case 'tool-call-delta':
        if (this.#last) this.#last.text += event.text;
        this.#chars += event.text.length;
        break;
      case 'tool-call-end':
        // Some send the whole input with the end only.
        if (this.#last) this.#last.text = event.input;
        break;
      default:
    }
  }
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}
