import type { Status } from '@vigiles/contract';
import { dollars, type Facts } from './tree.ts';

export interface StatusLine {
  text: string;
  tooltip: string;
  alarm: boolean;
}

const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** The line at the bottom of the editor: health, what today cost, what runs, what waits. */
export function statusLine(status: Status | null, facts: Facts): StatusLine {
  const running = facts.sessions.filter((session) => session.status === 'running').length;
  const questions = facts.decisions.length;
  const { needs_person: needed = 0, open = 0 } = status?.incidents ?? {};
  const down = status?.services.down ?? 0;
  const alarm = questions > 0 || needed > 0 || down > 0;
  const spent = dollars(status?.budgets.spent_today_micros ?? 0);
  const parts = [
    `${alarm ? '$(alert)' : '$(shield)'} ${spent}`,
    running > 0 ? `$(sync) ${running}` : '',
    questions > 0 ? `$(question) ${questions}` : '',
    open > 0 ? `$(flame) ${open}` : '',
  ];
  const limit = status?.budgets.daily_usd;
  const lines = [
    'Vigiles',
    `Spent today: ${spent}${typeof limit === 'number' ? ` of $${limit.toFixed(2)}` : ''}`,
    `${count(running, 'session')} running`,
    questions > 0 ? `${count(questions, 'question')} to answer` : '',
    open > 0 ? count(open, 'open incident') : 'No open incidents',
    down > 0 ? `${count(down, 'service')} down` : '',
  ];
  return { text: parts.filter(Boolean).join(' '), tooltip: lines.filter(Boolean).join('\n'), alarm };
}

/** The line while there is no connection. */
export const lostLine = (reason: string): StatusLine => ({
  text: '$(debug-disconnect) Vigiles',
  tooltip: reason,
  alarm: false,
});
