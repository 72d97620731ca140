import type { LogLine } from './clean-line.ts';
import type { Clarity } from './confidence.ts';
import type { Hit } from './find-hits.ts';
import { isNoise } from './noise.ts';
import { decisiveWeight, isOutside, isOwnFault } from './rule.ts';

/** What failed last stands at the end of its step: further up it was likely survived. In lines that say something. */
const nearEnd = 12;
/** What tools say when what failed before went well after all. */
const recovered =
  /^\s{0,20}(?:added \d+ packages|Successfully (?:installed|built)|BUILD SUCCESS|Done in \d|Finished `|Complete!|Installed \d+ packages|\S* ?[Aa]ttempt \d+ (?:succeeded|ok)|Bundle complete!|Generating autoload files|Status: Downloaded|go: added |Restored \/|\[INFO\] BUILD SUCCESS)/;
/** From this weight on another rule is an argument. */
const arguing = 50;

/** Counts as so many lines: nothing before it decides any more. */
const survived = 1_000_000;

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
  const scored = hits.map((hit) => ({ hit, score: scoreOf(hit, after) })).filter(({ score }) => score > 0);
  const best = scored.reduce<(typeof scored)[number] | null>(
    (known, one) => (better(one, known) ? one : known),
    null,
  );
  if (!best) return null;
  const others = [...scored.map(({ hit }) => hit), ...elsewhere].filter(
    ({ rule }) => rule.kind !== best.hit.rule.kind,
  );
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
  const distance = after[index] ?? 0;
  if (distance >= survived) return 0;
  return distance > nearEnd ? rule.weight - 30 : rule.weight;
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

/** The rest of what a tool says when it gives up. */
const sameTool = (text: string): boolean =>
  /^\s{0,20}(?:npm (?:error|ERR!)|\[ERROR\]|> |\* |--+|#\d+ |E: |error:|info )/.test(text);

/** For each line how many lines that say something follow it. */
function linesAfter(lines: readonly LogLine[]): Int32Array {
  const after = new Int32Array(lines.length);
  let count = 0;
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    after[at] = count;
    const line = lines[at];
    if (!line || line.marker !== null) continue;
    if (recovered.test(line.text)) count += survived;
    else if (!isNoise(line.text) && !sameTool(line.text)) count += 1;
  }
  return after;
}
