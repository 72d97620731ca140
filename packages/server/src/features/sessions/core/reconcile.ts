/** What is known of a session that had not ended when this control started. */
export interface Remains {
  status: string;
  /** Of the agent's process, by pid and start time; `unknown` where it has none that we know. */
  process: 'alive' | 'gone' | 'unknown';
  /** Who held it: nobody, a control that is gone, or somebody whose lease still runs. */
  lease: 'none' | 'lost' | 'held';
}

export type Reconciled =
  /** Somebody looks after it, or nothing says that it has changed. */
  | { kind: 'leave' }
  /** Whoever held it is gone; its agent may be healthy: it waits to be attached again. */
  | { kind: 'detach'; reason: string }
  /** Its agent is gone: it runs no more. */
  | { kind: 'end'; reason: string };

/** What becomes of a session after a restart of control. No process is ever ended by this. */
export function reconcile({ status, process, lease }: Remains): Reconciled {
  if (status === 'completed' || status === 'failed' || lease === 'held') return { kind: 'leave' };
  if (process === 'gone')
    return { kind: 'end', reason: 'Its agent’s process ended while nobody was looking' };
  if (lease === 'lost')
    return {
      kind: 'detach',
      reason:
        process === 'alive'
          ? 'Vigiles was restarted; its agent still runs'
          : 'Vigiles was restarted, and whoever carried out its commands is gone',
    };
  return { kind: 'leave' };
}
