/** A job's log as GitHub serves it. */
export const logOf = (...lines: string[]): string =>
  ['##[group]Run npm test', 'npm test', '##[endgroup]', ...lines]
    .map((line, at) => `2026-11-20T10:00:${String(at % 60).padStart(2, '0')}.1234567Z ${line}\n`)
    .join('');

export const shutdownLog = logOf(
  '##[error]The runner has received a shutdown signal. This can happen when the runner service is stopped, or a manually started runner is canceled.',
);

export const lostLine =
  'The hosted runner lost communication with the server. Anything in your workflow that terminates the runner process, starves it for CPU/Memory, or blocks its network access can cause this error.';

/** A log in which a compiler found fault with the code: never worth a re-run. */
export const compileLog = logOf(
  "src/main.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.",
  '##[error]Process completed with exit code 2.',
);

export const timeoutLog = logOf('##[error]The job has exceeded the maximum execution time of 30m0s');
