import { identify, isAlive, type ProcessIdentity } from './identity.ts';

/** `refused`: another process has the pid now, or it is this process; nothing was sent. */
export type SignalResult = 'sent' | 'gone' | 'refused' | 'forbidden';

/**
 * Sends a signal to exactly this process. The identity is read again directly before: a pid that was reused
 * is never signalled (jdx/pitchfork#878).
 */
export function sendSignal(identity: ProcessIdentity, signal: NodeJS.Signals): SignalResult {
  if (identity.pid <= 1 || identity.pid === process.pid) return 'refused';
  if (!isAlive(identity)) return identify(identity.pid) ? 'refused' : 'gone';
  try {
    process.kill(identity.pid, signal);
    return 'sent';
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM' ? 'forbidden' : 'gone';
  }
}
