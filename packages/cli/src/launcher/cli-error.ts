import { FaultError, toFault } from '@vigiles/server/offline';
import { CliError, exitCode } from '../exit-codes.ts';

/** A fault as the message and exit code of a verb. */
export function asCliError(thrown: unknown): CliError {
  if (thrown instanceof CliError) return thrown;
  for (let cause: unknown = thrown; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof FaultError) {
      const { kind, message } = cause.fault;
      return new CliError(message, kind === 'invalid' ? exitCode.usage : exitCode.failure);
    }
    const { code, port } = cause as { code?: string; port?: number };
    if (code === 'EADDRINUSE')
      return new CliError(
        `Port ${port ?? ''} is taken by another program. Choose another one: vigiles start --port 8800`,
      );
    if (code === 'EADDRNOTAVAIL')
      return new CliError('This machine does not have the address of server.host.');
    if (code === 'EACCES') return new CliError(`Not allowed: ${cause.message}`);
  }
  const reasons: string[] = [];
  for (let cause: unknown = thrown; cause instanceof Error; cause = cause.cause) reasons.push(cause.message);
  return new CliError(reasons.length > 0 ? reasons.join(': ') : toFault(thrown).message);
}
