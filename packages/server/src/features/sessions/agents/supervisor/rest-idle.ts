import type { Sessions } from '../../index.ts';
import type { AgentRun } from './agent-run-face.ts';

export interface RestIdleOptions {
  runs: ReadonlyMap<string, Pick<AgentRun, 'idleSince' | 'rest'>>;
  sessions: Pick<Sessions, 'get'>;
  /** `agents.idle_minutes`; 0: none is ended. */
  minutes: number;
  /** UTC ms. */
  now: number;
}

/** Ends the processes of agents that nobody has needed for long. Their sessions stay, and go on with the next command. */
export async function restIdle({ runs, sessions, minutes, now }: RestIdleOptions): Promise<void> {
  if (minutes === 0) return;
  for (const [sessionId, run] of runs) {
    const since = run.idleSince();
    if (since === null || since > now - minutes * 60_000) continue;
    // It may have asked something that none of its turns waits for.
    const session = await sessions.get(sessionId);
    if (!session || session.pending_decisions > 0 || run.idleSince() !== since) continue;
    await run.rest(`Its process was ended after ${minutes} idle minutes; the next command starts it again.`);
  }
}
