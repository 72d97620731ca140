/** What scripts can rely on. Documented in `vigiles --help`. */
export const exitCode = {
  ok: 0,
  failure: 1,
  usage: 2,
  notRunning: 3,
  unhealthy: 4,
  refused: 5,
  notFixed: 6,
} as const;

/** Ends a verb with a message for people and a code for scripts. */
export class CliError extends Error {
  readonly exitCode: number;
  constructor(message: string, code: number = exitCode.failure) {
    super(message);
    this.name = 'CliError';
    this.exitCode = code;
  }
}
