import type { LogLine } from './clean-line.ts';
import type { Clarity } from './confidence.ts';
import type { Hit } from './find-hits.ts';
import { isNoise } from './noise.ts';
import { decisiveWeight, isOutside, isOwnFault } from './rule.ts';

/** What failed last stands at the end of its step: further up it was likely survived. In lines that say something. */
const nearEnd = 25;
/** From this weight on another rule is an argument. */
const arguing = 50;

export interface Weighed {
  best: Hit;
  clarity: Clarity;
  /** The strongest rule of another kind. */
  runnerUp: Hit | null;
}

/** Chooses between the rules that hold. `elsewhere`: own faults in other steps of the job that failed too. */
export function weigh(
  hits: readonly Hit[],
  lines: readonly LogLine[],
  elsewhere: readonly Hit[],
): Weighed | null {
  const after = linesAfter(lines);
  const scored = hits.map((hit) => ({ hit, score: scoreOf(hit, after) }));
  const best = scored.reduce<(typeof scored)[number] | null>(
    (known, one) => (better(one, known) ? one : known),
    null,
  );
  if (!best) return null;
  const others = [...hits, ...elsewhere].filter(({ rule }) => rule.kind !== best.hit.rule.kind);
  const runnerUp = others.reduce<Hit | null>(
    (known, hit) => (hit.rule.weight > (known?.rule.weight ?? 0) ? hit : known),
    null,
  );
  return { best: best.hit, clarity: clarityOf(best, others), runnerUp };
}

interface Scored {
  hit: Hit;
  score: number;
}

function scoreOf({ rule, index }: Hit, after: Int32Array): number {
  if (!isOutside(rule) || rule.scope === 'job') return rule.weight;
  return (after[index] ?? 0) > nearEnd ? rule.weight - 30 : rule.weight;
}

/** Among equals the first error of code is the root of the others, but of the network the last one ended the step. */
function better(one: Scored, known: Scored | null): boolean {
  if (!known || one.score !== known.score) return !known || one.score > known.score;
  const earlier = one.hit.line.number < known.hit.line.number;
  return isOutside(one.hit.rule) && isOutside(known.hit.rule) ? !earlier : earlier;
}

function clarityOf({ hit: { rule }, score }: Scored, others: readonly Hit[]): Clarity {
  if (isOutside(rule)) {
    if (rule.weight < 60) return 'weak';
    const against = others.some((other) => !isOutside(other.rule) && other.rule.weight >= arguing);
    return against || score < rule.weight ? 'contested' : 'clear';
  }
  if (rule.weight < (isOwnFault(rule) ? decisiveWeight : 60)) return 'weak';
  return others.some((other) => other.rule.weight >= rule.weight - 5) ? 'contested' : 'clear';
}

/** For each line how many lines that say something follow it. */
function linesAfter(lines: readonly LogLine[]): Int32Array {
  const after = new Int32Array(lines.length);
  let count = 0;
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    after[at] = count;
    const line = lines[at];
    if (line && line.marker === null && !isNoise(line.text)) count += 1;
  }
  return after;
}
