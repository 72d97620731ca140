import type { ToolDefinition } from '../../canonical/index.ts';
import { recoverText } from '../recover-text.test-support.ts';
import type { CorpusCase } from './case.ts';

/** What was found of the cases of one format. */
export interface Score {
  cases: number;
  meant: number;
  found: number;
  false: number;
}

export interface CorpusReport {
  byFormat: Map<string, Score>;
  all: Score;
  /** One text for each call that was missed, made up, or lost to the way the text was cut. */
  problems: string[];
}

/** Looks through every case as one piece and in `cuts` random cuttings, all from one seed: any run gives the same. */
export function scoreCorpus(
  cases: readonly CorpusCase[],
  tools: readonly ToolDefinition[],
  cuts = 0,
): CorpusReport {
  const report: CorpusReport = { byFormat: new Map(), all: nothing(), problems: [] };
  const random = seeded(20_261_121);
  for (const each of cases) {
    const score = report.byFormat.get(each.format) ?? nothing();
    report.byFormat.set(each.format, score);
    const got = callsOf(each.text, tools);
    judge(each, got, [score, report.all], report.problems);
    for (let cut = 0; cut < cuts; cut++) {
      const pieces = piecesOf(each.text, random);
      if (callsOf(pieces, tools).join() !== got.join())
        report.problems.push(`cut otherwise, read otherwise: ${JSON.stringify(pieces)}`);
    }
  }
  return report;
}

function judge(each: CorpusCase, got: readonly string[], scores: readonly Score[], problems: string[]): void {
  const left = [...got];
  const where = `in ${each.format}/${each.title}\n${each.text}`;
  let found = 0;
  for (const { name, args } of each.calls) {
    const call = `${name} ${canonical(args)}`;
    const at = left.indexOf(call);
    if (at === -1) problems.push(`missed ${call} ${where}`);
    else {
      left.splice(at, 1);
      found++;
    }
  }
  for (const call of left) problems.push(`false ${call} ${where}`);
  for (const score of scores) {
    score.cases++;
    score.meant += each.calls.length;
    score.found += found;
    score.false += left.length;
  }
}

function callsOf(text: string | readonly string[], tools: readonly ToolDefinition[]): string[] {
  return recoverText(text, tools).calls.map(({ name, input }) => `${name} ${canonical(JSON.parse(input))}`);
}

function canonical(value: Record<string, unknown>): string {
  return JSON.stringify(Object.entries(value).toSorted(([one], [two]) => (one < two ? -1 : 1)));
}

function piecesOf(text: string, random: () => number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const size = 1 + Math.floor(random() ** 2 * 24);
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}

const nothing = (): Score => ({ cases: 0, meant: 0, found: 0, false: 0 });

/** A small generator (mulberry32): the same seed, the same numbers. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
