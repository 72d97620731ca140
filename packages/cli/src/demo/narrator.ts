import type { LiveEvent } from '../client/events.ts';
import { noticeOf } from '../console/notices.ts';
import { clean, clip } from '../output/clean.ts';
import { blue, bold, cyan, dim, green, red } from '../output/style.ts';
import { clockTime } from '../output/units.ts';
import { say } from '../output/print.ts';
import type { AgentWord } from './agent-process.ts';

/** What the story came to. */
export interface Tally {
  turns: number;
  tokens: number;
  openedAt: number | null;
  closedAt: number | null;
  outcome: string | null;
}

const wording: Record<string, (text: string) => string> = {
  task: (text) => `${bold('is asked')}: ${text}`,
  says: (text) => `says: ${dim(clip(text, 150))}`,
  runs: (text) => `runs ${cyan(text)}`,
  job: (text) => text,
  lost: (text) => red(text),
  back: (text) => green(text),
  gaveup: (text) => red(text),
  done: (text) => green(text),
};

/** Tells in the terminal what the dashboard shows at the same time, and counts. */
export function createNarrator(service: string) {
  const tally: Tally = { turns: 0, tokens: 0, openedAt: null, closedAt: null, outcome: null };
  return {
    tally,
    chapter: (text: string) => say(`\n${bold(text)}`),
    agent({ kind, text }: AgentWord) {
      const word = wording[kind];
      if (word) say(`${dim(clockTime(Date.now()))} ${blue('agent')}    ${word(clean(text))}`);
    },
    event(event: LiveEvent) {
      if (event.type === 'turn.settled') {
        const { turn } = event.data as {
          turn: { input_tokens: number | null; output_tokens: number | null };
        };
        tally.turns += 1;
        tally.tokens += (turn.input_tokens ?? 0) + (turn.output_tokens ?? 0);
        return;
      }
      const { incident } = event.data as { incident?: { service: string; outcome: string | null } };
      if (event.type === 'incident.opened' && incident?.service === service) tally.openedAt = event.ts;
      if (event.type === 'incident.closed' && incident?.service === service) {
        tally.closedAt = event.ts;
        tally.outcome = incident.outcome;
      }
      const notice = event.type === 'device.paired' ? null : noticeOf(event);
      if (notice !== null) say(notice);
    },
  };
}
