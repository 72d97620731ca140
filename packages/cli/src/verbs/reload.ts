import { ApiError, connect } from '../client/api.ts';
import { CliError } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { clean } from '../output/clean.ts';
import { dim, yellow } from '../output/style.ts';
import { say, sayJson } from '../output/print.ts';
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

/** What a reload answers. */
interface Reloaded {
  changed: string[];
  /** Taken over only by a restart of Vigiles. */
  needs_restart: string[];
  /** In the file, but the environment or a flag stands above it. */
  overridden: string[];
}

/** What a reload changed, and what of it waits for a restart. */
function reloadedText({ changed, needs_restart: waiting, overridden }: Reloaded): string {
  const live = changed.filter((path) => !waiting.includes(path));
  const lines = [changed.length === 0 ? 'Read again; nothing has changed.' : ''];
  if (live.length > 0) lines.push(`Reloaded: ${live.map(clean).join(', ')}`);
  if (waiting.length > 0)
    lines.push(yellow(`Only after a restart of Vigiles: ${waiting.map(clean).join(', ')}`));
  if (overridden.length > 0)
    lines.push(
      dim(`Without effect, the environment or a flag says otherwise: ${overridden.map(clean).join(', ')}`),
    );
  return lines.filter((line) => line !== '').join('\n');
}

/** `vigiles reload` */
export async function reload({ home, json }: { home?: string; json?: boolean }): Promise<void> {
  const api = connect(homeOf(home));
  try {
    const answer = await api.send<Reloaded>('POST', '/api/v1/config/reload');
    if (json) sayJson(answer);
    else say(reloadedText(answer));
  } catch (thrown) {
    if (!(thrown instanceof ApiError) || thrown.code !== 'config_invalid') throw thrown;
    if (json) sayJson(thrown.body);
    throw new CliError(json ? '' : rejectionText(thrown, 'vigiles.yaml'), thrown.exitCode);
  }
}
