import type { ActionRun } from '@vigiles/contract';
import { redactText } from '../../actions/index.ts';

/** What became of a run, in one line. */
export function lineOf(run: ActionRun): string {
  const at = new Date(run.finished_at ?? run.started_at ?? run.created_at).toISOString();
  const how = run.state === 'finished' ? (run.outcome ?? 'finished') : run.state;
  const why = run.message || run.reason;
  return redactText(`[${at}] ${run.action} ${run.target}: ${how}${why ? ` – ${why}` : ''}`);
}
