import { Cron } from 'croner';
import { RE2JS } from 're2js';
import type { CrossProblem } from './cross-checks.ts';
import { didYouMean } from './suggest.ts';
import type { Path } from './yaml-source.ts';

type Loose = Record<string, unknown>;
const isRecord = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong with one text, or null. */
type Judge = (text: string, check: Loose) => string | null;

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

const pattern: Judge = (text) => {
  try {
    RE2JS.compile(text);
    return null;
  } catch (thrown) {
    return `not a regular expression (RE2): ${messageOf(thrown)}`;
  }
};

const schedule: Judge = (text, check) => {
  const timezone = typeof check['timezone'] === 'string' ? check['timezone'] : 'UTC';
  try {
    new Cron(text, { timezone, paused: true }).nextRun();
    return null;
  } catch (thrown) {
    return `not a schedule: ${messageOf(thrown)}`;
  }
};

/** Not in its schema: where the configuration is shown, it is blotted out. */
const token: Judge = (text, check) =>
  check['type'] !== 'heartbeat' || /^(?:[A-Za-z0-9_-]{16,128}|\$\{(?:secret|env):[^}]+\})$/.test(text)
    ? null
    : 'has to be 16 to 128 letters, digits, dashes, or a reference';

const byKey: Record<string, Judge> = { matches: pattern, schedule, token };

function wrongTogether(check: Loose, hasProcess: boolean): { key: string; message: string } | null {
  const given = (...keys: string[]) => keys.filter((key) => check[key] !== undefined).length;
  if (check['type'] === 'log' && given('contains', 'matches') !== 1)
    return { key: 'contains', message: 'a log check has either contains or matches' };
  if (check['type'] === 'process' && !hasProcess && given('pid_file', 'command_contains') === 0)
    return { key: 'type', message: 'says of no process: give it pid_file or command_contains' };
  if (check['type'] === 'process' && given('pid_file', 'command_contains') > 1)
    return { key: 'pid_file', message: 'a process is found by pid_file or by command_contains, not both' };
  return null;
}

/** What is wrong with the checks of a service beyond the types of their fields. Works on data that was not validated. */
export function checkProblems(
  checks: readonly unknown[],
  base: Path,
  scripts: readonly string[],
  /** Its service is started by Vigiles or has a pid file. */
  hasProcess: boolean,
): CrossProblem[] {
  const problems: CrossProblem[] = [];
  for (const [i, check] of checks.entries()) {
    if (!isRecord(check)) continue;
    const at = (...rest: (string | number)[]): Path => [...base, 'checks', i, ...rest];
    const together = wrongTogether(check, hasProcess);
    if (together)
      problems.push({ path: at(together.key in check ? together.key : 'type'), message: together.message });
    for (const [key, judge] of Object.entries(byKey)) {
      const text = check[key];
      const message = typeof text === 'string' ? judge(text, check) : null;
      if (message !== null) problems.push({ path: at(key), message });
    }
    const script = check['script'];
    if (check['type'] === 'script' && typeof script === 'string' && !scripts.includes(script)) {
      const message = `there is no entry "${script}" in watchdog.scripts${didYouMean(script, [...scripts])}`;
      problems.push({ path: at('script'), message });
    }
  }
  return problems;
}
