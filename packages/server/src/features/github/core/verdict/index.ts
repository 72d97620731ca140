export { explain } from './explain.ts';
export { failingTests } from './failing-tests.ts';
export { judge } from './judge.ts';
export { patternOf } from './pattern.ts';
export { reduceLog, type ReducedLog, type ReducedLine } from './reduce-log.ts';
export { restBeforeRetryMs } from './rest.ts';
export type { Evidence, FailedStep, History, JobEvidence, RunEvidence } from './evidence.ts';
