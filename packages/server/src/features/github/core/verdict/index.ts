export { judge } from './judge.ts';
export { reduceLog, type ReducedLog, type ReducedLine } from './reduce-log.ts';
export type { Evidence, FailedStep, History, JobEvidence, RunEvidence } from './evidence.ts';
