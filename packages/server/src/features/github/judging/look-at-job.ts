import {
  judgeJob,
  reduceLog,
  ruleSet,
  type Finding,
  type History,
  type JobEvidence,
  type ReducedLog,
} from '../core/verdict/index.ts';

export interface JobQuestion {
  job: JobEvidence;
  history: History;
}

export interface JobLook {
  finding: Finding;
  reduced: ReducedLog;
}

/** Why a job failed, and the lines of its log that tell it. */
export const lookAtJob = ({ job, history }: JobQuestion): JobLook => ({
  finding: judgeJob(job, history, ruleSet()),
  reduced: reduceLog(job.log, { failedStep: job.failed_step }),
});
