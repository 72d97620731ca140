import type { FaultSeverity, TargetClass } from '@vigiles/contract';
import type { SignalSource } from './detect/signal.ts';

/** A fault was seen on a target. Once per episode: from when it is seen until it is cleared. */
export interface Sighting {
  /** Catalogue id such as `B4`, or a user's own. */
  fault: string;
  /** Service name, `provider:<id>`, `model:<provider>/<model>`, `agent:<id>`, `file:<path>` or `host`. */
  target: string;
  targetClass: TargetClass;
  /** UTC milliseconds. */
  at: number;
  source: SignalSource;
  /** As the catalogue has it. `info`: it is noted, nobody is called. */
  severity: FaultSeverity;
  /** For people, one sentence. */
  summary: string;
  /** What was read; hostile, at most 4 KB. */
  line: string | null;
  /** Of what runs there, where known. */
  version: string | null;
  evidence: Readonly<Record<string, unknown>>;
}

/** An episode is over. */
export interface Cleared {
  fault: string;
  target: string;
  reason: string;
}

/** Takes sightings and answers them: rule, knowledge, model, person. Neither call waits for anything. */
export interface Responder {
  sighted(sighting: Sighting): void;
  cleared(cleared: Cleared): void;
}
