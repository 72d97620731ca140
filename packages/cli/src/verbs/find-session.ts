import type { Decision, Session } from '@vigiles/contract';
import { ApiError, type Api } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { clean } from '../output/clean.ts';

/** Names shown of those that could be meant. */
const SHOWN = 5;

export const sessionPath = (id: string): string => `/api/v1/sessions/${encodeURIComponent(id)}`;
export const decisionPath = (sessionId: string, id: string): string =>
  `${sessionPath(sessionId)}/decisions/${encodeURIComponent(id)}`;

const isGone = (thrown: unknown): boolean => thrown instanceof ApiError && thrown.status === 404;

/** The one that is meant by the beginning of its id. */
function meant(what: string, given: string, ids: readonly string[], hint: string): string {
  const [only, ...others] = ids.filter((id) => id.startsWith(given));
  if (only === undefined) throw new CliError(clean(`There is no ${what} "${given}". ${hint}`));
  if (others.length === 0) return only;
  const all = [only, ...others];
  const more = all.length > SHOWN ? `\n… and ${all.length - SHOWN} more` : '';
  throw new CliError(
    `"${given}" could be any of these:\n${all.slice(0, SHOWN).join('\n')}${more}\nGive more of it.`,
    exitCode.usage,
  );
}

/** The session of this id, or the only one whose id begins with it. */
export async function findSession(api: Api, given: string): Promise<Session> {
  try {
    return await api.get<Session>(sessionPath(given));
  } catch (thrown) {
    if (!isGone(thrown)) throw thrown;
  }
  const query = new URLSearchParams({ q: given, limit: '100' });
  const { sessions } = await api.get<{ sessions: Session[] }>(`/api/v1/sessions?${query.toString()}`);
  const ids = sessions.map(({ session_id }) => session_id);
  return api.get<Session>(sessionPath(meant('session', given, ids, 'Those there are: vigiles session list')));
}

export const pendingDecisions = async (api: Api, sessionId: string): Promise<Decision[]> =>
  (await api.get<{ decisions: Decision[] }>(`${sessionPath(sessionId)}/decisions?state=pending`)).decisions;

/** The decision of this id, or the only one that waits whose id begins with it. */
export async function findDecision(api: Api, sessionId: string, given: string): Promise<Decision> {
  try {
    return await api.get<Decision>(decisionPath(sessionId, given));
  } catch (thrown) {
    if (!isGone(thrown)) throw thrown;
  }
  const pending = await pendingDecisions(api, sessionId);
  const ids = pending.map(({ decision_id }) => decision_id);
  const id = meant('decision', given, ids, `Those that wait: vigiles session decide ${sessionId}`);
  return pending.find(({ decision_id }) => decision_id === id) as Decision;
}
