import type { LiteralAutomaton } from './literal-automaton.ts';

/** Where literals end: the place of a last byte, then the automaton's state there, and so on. Places ascend. */
export type LiteralEnds = number[];

/** Shorter texts are passed over in one go. */
const worthDividing = 2048;
const parts = 4;

/**
 * Passes over whole lines once. A look-up has to wait for the one before it, which is most of the time that it takes: so a
 * long text is divided where lines begin, and its parts are passed over side by side. No literal goes over the end of a line.
 */
export function findLiterals(automaton: LiteralAutomaton, lines: Uint8Array): LiteralEnds {
  const { table, firstAccepting } = automaton;
  const { length } = lines;
  const first: LiteralEnds = [];
  if (length < worthDividing) {
    passOver(table, firstAccepting, lines, 0, length, 0, first);
    return first;
  }
  const second: LiteralEnds = [];
  const third: LiteralEnds = [];
  const fourth: LiteralEnds = [];
  const places = [0, 1, 2, 3].map((part) => lineFrom(lines, Math.floor((length * part) / parts)));
  const [, b = 0, c = 0, d = 0] = places;
  const together = Math.min(b, c - b, d - c, length - d);
  const states = passOverFour(table, firstAccepting, lines, [b, c, d], together, [
    first,
    second,
    third,
    fourth,
  ]);
  for (const [part, found] of [first, second, third, fourth].entries()) {
    const from = (places[part] ?? 0) + together;
    passOver(table, firstAccepting, lines, from, places[part + 1] ?? length, states[part] ?? 0, found);
  }
  for (const found of [second, third, fourth]) for (const one of found) first.push(one);
  return first;
}

/** The beginning of the first line at a place or behind it; the end of the text when none begins there. */
function lineFrom(lines: Uint8Array, place: number): number {
  if (place === 0) return 0;
  const end = lines.indexOf(10, place - 1);
  return end < 0 ? lines.length : end + 1;
}

/** From one place to another. Returns the state at the end. */
function passOver(
  table: Uint16Array,
  firstAccepting: number,
  bytes: Uint8Array,
  from: number,
  until: number,
  begin: number,
  ends: LiteralEnds,
): number {
  let state = begin;
  for (let at = from; at < until; at += 1) {
    state = table[(state << 8) | (bytes[at] as number)] as number;
    if (state >= firstAccepting) ends.push(at, state);
  }
  return state;
}

/** The first bytes of four parts, the first of which begins the text. Returns their states. */
function passOverFour(
  table: Uint16Array,
  firstAccepting: number,
  bytes: Uint8Array,
  [second, third, fourth]: readonly [number, number, number],
  count: number,
  [endsA, endsB, endsC, endsD]: readonly [LiteralEnds, LiteralEnds, LiteralEnds, LiteralEnds],
): [number, number, number, number] {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let at = 0; at < count; at += 1) {
    a = table[(a << 8) | (bytes[at] as number)] as number;
    b = table[(b << 8) | (bytes[second + at] as number)] as number;
    c = table[(c << 8) | (bytes[third + at] as number)] as number;
    d = table[(d << 8) | (bytes[fourth + at] as number)] as number;
    if (a < firstAccepting && b < firstAccepting && c < firstAccepting && d < firstAccepting) continue;
    if (a >= firstAccepting) endsA.push(at, a);
    if (b >= firstAccepting) endsB.push(second + at, b);
    if (c >= firstAccepting) endsC.push(third + at, c);
    if (d >= firstAccepting) endsD.push(fourth + at, d);
  }
  return [a, b, c, d];
}
