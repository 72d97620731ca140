/** A literal as bytes, with whether its ASCII letters match in either case. */
export interface AutomatonLiteral {
  bytes: Uint8Array;
  ignoreCase: boolean;
}

/**
 * Finds all literals at once, one table look-up per byte whatever the input: a deterministic automaton over bytes
 * (Aho-Corasick's, made by subset construction so that literals with and without case live in one).
 */
export interface LiteralAutomaton {
  /** `table[state * 256 + byte]` is the next state; 0 is the start. */
  table: Uint16Array;
  /** States from this one on end at least one literal. */
  firstAccepting: number;
  /** Indexes of the literals that end in `state`. */
  endsIn(state: number): readonly number[];
}

/** 16 MB of table; a catalogue of 100 literals needs about 1,500. */
const mostStates = 32_768;

interface State {
  /** Unfinished literals: index * 2048 + bytes seen. Sorted. */
  inside: readonly number[];
  ends: readonly number[];
  next: Uint16Array;
}

const seenShift = 2048;

/** The one or two bytes that a literal accepts at a place. */
function accepted({ bytes, ignoreCase }: AutomatonLiteral, at: number): number[] {
  const byte = bytes[at] ?? 0;
  const isLetter = (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
  return ignoreCase && isLetter ? [byte | 32, byte & ~32] : [byte];
}

/** @throws RangeError when the literals need more states than are allowed */
export function buildLiteralAutomaton(literals: readonly AutomatonLiteral[]): LiteralAutomaton {
  const states: State[] = [];
  const known = new Map<string, number>();
  const lengthOf = (literal: number) => literals[literal]?.bytes.length ?? 0;

  /** The number of the state in which these literals have been seen so far; a new one when there is none. */
  function stateOf(seen: readonly number[]): number {
    const unique = [...new Set(seen)].sort((a, b) => a - b);
    const done = (one: number) => one % seenShift === lengthOf(Math.floor(one / seenShift));
    const key = unique.join();
    const found = known.get(key);
    if (found !== undefined) return found;
    if (states.length >= mostStates) throw new RangeError('too many literals for one matcher');
    states.push({
      inside: unique.filter((one) => !done(one)),
      ends: [...new Set(unique.filter(done).map((one) => Math.floor(one / seenShift)))],
      next: new Uint16Array(256),
    });
    known.set(key, states.length - 1);
    return states.length - 1;
  }

  /** By byte, which literals have their first byte there. */
  const beginnings = new Map<number, number[]>();
  for (const [index, literal] of literals.entries())
    for (const byte of accepted(literal, 0))
      beginnings.set(byte, [...(beginnings.get(byte) ?? []), index * seenShift + 1]);

  const start = stateOf([]);
  for (const [byte, seen] of beginnings) {
    const target = stateOf(seen);
    const first = states[start];
    if (first) first.next[byte] = target;
  }
  // `states` grows while it is walked.
  for (let at = 1; at < states.length; at += 1) {
    const state = states[at];
    const first = states[start];
    if (!state || !first) continue;
    state.next.set(first.next);
    const onward = new Map<number, number[]>();
    for (const one of state.inside) {
      const literal = literals[Math.floor(one / seenShift)];
      if (!literal) continue;
      for (const byte of accepted(literal, one % seenShift))
        onward.set(byte, [...(onward.get(byte) ?? []), one + 1]);
    }
    for (const [byte, seen] of onward) state.next[byte] = stateOf([...seen, ...(beginnings.get(byte) ?? [])]);
  }
  return tableOf(states);
}

/** One table of all states, those that end a literal last: one comparison tells them. */
function tableOf(states: readonly State[]): LiteralAutomaton {
  const all = states.map((_, at) => at);
  const accepts = (at: number) => (states[at]?.ends.length ?? 0) > 0;
  const order = [...all.filter((at) => !accepts(at)), ...all.filter(accepts)];
  const placeOf = new Uint16Array(states.length);
  for (const [place, at] of order.entries()) placeOf[at] = place;
  const table = new Uint16Array(states.length * 256);
  for (const [place, at] of order.entries())
    for (let byte = 0; byte < 256; byte += 1)
      table[place * 256 + byte] = placeOf[states[at]?.next[byte] ?? 0] ?? 0;
  const firstAccepting = order.findIndex(accepts);
  const ends = order.map((at) => states[at]?.ends ?? []);
  return {
    table,
    firstAccepting: firstAccepting < 0 ? states.length : firstAccepting,
    endsIn: (state) => ends[state] ?? [],
  };
}
