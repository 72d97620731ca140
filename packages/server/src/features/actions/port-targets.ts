import type { ProcessIdentity } from '../../platform/process/index.ts';

/** Who listens on a port at this moment. */
export interface PortLook {
  holders: readonly {
    identity: ProcessIdentity;
    command: string;
    /** Why it must not be ended; null: it may be. */
    protected: string | null;
  }[];
  /** A process that cannot be seen listens too. */
  hidden: boolean;
}

/** Hands on TCP ports, provided by their feature. */
export interface PortTargets {
  /** null: this system does not tell who listens. */
  look(port: number): Promise<PortLook | null>;
}

/** No ports to lay hands on. */
export const noPorts: PortTargets = { look: () => Promise.resolve(null) };
