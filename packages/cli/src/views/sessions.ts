import type { Session } from '@vigiles/contract';
import { clean } from '../output/clean.ts';
import { table } from '../output/table.ts';

const dollars = (micros: number): string => `$${(micros / 1e6).toFixed(4)}`;
const stateOf = ({ status, phase }: Session): string => (status === phase ? status : `${status}/${phase}`);

/** A session in one line. */
export const sessionLine = (session: Session): string =>
  clean(
    [
      session.session_id,
      stateOf(session),
      session.agent?.name ?? '-',
      dollars(session.cost_microusd),
      session.title,
    ].join('  '),
  );

/** `vigiles sessions` */
export const sessionsView = (sessions: readonly Session[]): string =>
  table(
    [
      { title: 'SESSION' },
      { title: 'STATE' },
      { title: 'AGENT', flexible: true, optional: true },
      { title: 'COST', align: 'right', optional: true },
      { title: 'TITLE', flexible: true },
    ],
    sessions.map((session) => [
      session.session_id,
      stateOf(session),
      session.agent?.name ?? '–',
      dollars(session.cost_microusd),
      session.title,
    ]),
  );
