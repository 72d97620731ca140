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
  const lengths = literals.map(({ bytes }) => bytes.length);
  /** A row of 256 for each state; grows as they are found. */
  let rows = new Uint16Array(1024 * 256);

  /** The number of the state in which these literals have been seen so far; a new one when there is none. */
  function stateOf(seen: readonly number[]): number {
    const unique = seen.length > 1 ? [...new Set(seen)].sort((a, b) => a - b) : seen;
    const key = unique.join();
    const found = known.get(key);
    if (found !== undefined) return found;
    const number = states.length;
    if (number >= mostStates) throw new RangeError('too many literals for one matcher');
    const inside: number[] = [];
    const ends: number[] = [];
    for (const one of unique) {
      const literal = Math.floor(one / seenShift);
      if (one % seenShift === lengths[literal]) ends.push(literal);
      else inside.push(one);
    }
    states.push({ inside, ends });
    known.set(key, number);
    if (rows.length < states.length * 256) {
      const larger = new Uint16Array(rows.length * 2);
      larger.set(rows);
      rows = larger;
    }
    return number;
  }

  /** By byte, which literals have their first byte there. */
  const beginnings = new Map<number, number[]>();
  for (const [index, literal] of literals.entries())
    for (const byte of accepted(literal, 0)) addTo(beginnings, byte, index * seenShift + 1);

  const start = stateOf([]);
  for (const [byte, seen] of beginnings) {
    const target = stateOf(seen);
    rows[start * 256 + byte] = target;
  }
  const fromStart = rows.slice(0, 256);
  // `states` grows while it is walked.
  for (let at = 1; at < states.length; at += 1) {
    rows.set(fromStart, at * 256);
    const onward = new Map<number, number[]>();
    for (const one of states[at]?.inside ?? []) {
      const literal = literals[Math.floor(one / seenShift)];
      if (!literal) continue;
      for (const byte of accepted(literal, one % seenShift)) addTo(onward, byte, one + 1);
    }
    for (const [byte, seen] of onward) {
      const target = stateOf([...seen, ...(beginnings.get(byte) ?? [])]);
      rows[at * 256 + byte] = target;
    }
  }
  return tableOf(states, rows);
}

function addTo(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** One table of all states, those that end a literal last: one comparison tells them. */
function tableOf(states: readonly State[], rows: Uint16Array): LiteralAutomaton {
  const places = states.map((_, at) => at);
  const accepts = (at: number) => (states[at]?.ends.length ?? 0) > 0;
  const order = [...places.filter((at) => !accepts(at)), ...places.filter(accepts)];
  const placeOf = new Uint16Array(states.length);
  for (const [place, at] of order.entries()) placeOf[at] = place;
  const table = new Uint16Array(states.length * 256);
  for (const [place, at] of order.entries())
    for (let byte = 0; byte < 256; byte += 1)
      table[place * 256 + byte] = placeOf[rows[at * 256 + byte] as number] as number;
  const firstAccepting = order.findIndex(accepts);
  const ends = order.map((at) => states[at]?.ends ?? []);
  return {
    table,
    firstAccepting: firstAccepting < 0 ? states.length : firstAccepting,
    endsIn: (state) => ends[state] ?? [],
  };
}
