export { conclude, judge } from './judge.ts';
export { judgeJob, type Finding } from './judge-job.ts';
export { ruleSet } from './rule-set.ts';
export { reduceLog, type ReducedLog, type ReducedLine } from './reduce-log.ts';
export type { Evidence, FailedStep, History, JobEvidence, RunEvidence } from './evidence.ts';
