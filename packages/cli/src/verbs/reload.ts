import { ApiError, connect } from '../client/api.ts';
import { homeOf } from '../home.ts';
import { note, say, sayJson } from '../output/print.ts';
import { problemLine, type ConfigProblem } from '../views/config.ts';

/** What a refused configuration says: all problems with their lines. */
export function rejectionText(thrown: ApiError, file: string): string {
  const { details } = (thrown.body ?? {}) as { details?: { problems?: ConfigProblem[] } };
  const problems = details?.problems ?? [];
  return [
    'Refused; the last good configuration stays in force:',
    ...problems.map((problem) => `  ${problemLine(problem, file)}`),
  ].join('\n');
}

/** The sentence about what a reload changed. */
export const changedText = (changed: readonly string[]): string =>
  changed.length === 0 ? 'Read again; nothing has changed.' : `Reloaded: ${changed.join(', ')}`;

/** `vigiles reload` */
export async function reload({ home, json }: { home?: string; json?: boolean }): Promise<void> {
  const api = connect(homeOf(home));
  try {
    const answer = await api.send<{ changed: string[] }>('POST', '/api/v1/config/reload');
    if (json) sayJson(answer);
    else say(changedText(answer.changed));
  } catch (thrown) {
    if (!(thrown instanceof ApiError) || thrown.code !== 'config_invalid') throw thrown;
    if (json) sayJson(thrown.body);
    else note(rejectionText(thrown, 'vigiles.yaml'));
    process.exitCode = thrown.exitCode;
  }
}
