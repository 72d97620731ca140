import type { World } from './world.ts';

/** What is known once it has happened. */
export interface Happened {
  /** What it must be found on, where that is not known before. */
  target?: string;
  /** Puts it right again. */
  mend?: () => void | Promise<void>;
}

/** One fault of the catalogue, made to happen. */
export interface FaultCase {
  /** Its id in the catalogue. */
  fault: string;
  /** What is really done, in a few words. */
  how: string;
  /** What it must be found on, `*` for any text, `~` the home folder; nothing else may be acted on meanwhile. */
  target: string;
  /** What the first answer to it must be. */
  action: string;
  /** Actions that may follow the first. */
  further?: readonly string[];
  /** Actions that must follow the first. */
  also?: readonly string[];
  /** Targets of its actions, where they differ from where it is seen. */
  actsOn?: readonly string[];
  /** `fixed`: verified. `told`: a person was told. `noted`: seen, and by decision nothing is done about it. */
  ends: 'fixed' | 'told' | 'noted';
  /** Longest wait until it is detected, seconds. */
  withinS?: number;
  /** Makes it happen. Resolves when it has happened. */
  happen(world: World): Promise<Happened | void>;
}
