import type { SignalField, TargetClass } from '@vigiles/contract';

/** Where a signal was seen. */
export type SignalSource = 'check' | 'log' | 'process' | 'gateway' | 'agent' | 'file' | 'prediction';

/**
 * What the detection engine takes in. `name` by type of detector:
 * `log` (fields: source, stream, level) · the event’s own name (`call.failed`, `agent.stalled`) ·
 * `state.process_dead|not_responding|check_failing|refusing` · `state.agent_crashed|agent_stalled|agent_tool_silent` of a session · `state.backup_failed` of a place ·
 * `process.exited|gone|stale` (fields: code, signal, stderr) ·
 * `resource.<metric>` (fields: value; check, disk) · `check.http|agent|ping|systemd|tcp|dns|tls|heartbeat|container|sql|script`
 * (fields: ok, check, reason, timed_out, refused, and what the check found: status, certificate_days_left …) ·
 * `json_file` (fields: file, predicate, …) · `prediction.<metric>` (fields: seconds_left).
 */
export interface Signal {
  name: string;
  /** Service name, `provider:<id>`, `model:<provider>/<model>`, `agent:<id>`, `session:<id>`, `file:<path>` or `host`. */
  target: string;
  targetClass: TargetClass;
  /** UTC ms. */
  at: number;
  source: SignalSource;
  /** For people, in place of the title of the fault it shows: what is foreseen, with the time that is left. */
  title?: string;
  /** Hostile; at most 4 KB are kept. */
  line?: string;
  fields?: Readonly<Record<string, SignalField>>;
  /** Of what runs there, where known. */
  version?: string;
  evidence?: Readonly<Record<string, unknown>>;
  /** It stands for so many of its kind at once; 1 unless set. */
  times?: number;
  /** A state that is over: the service is up again, the value is back in bounds, the file is right. */
  cleared?: boolean;
}
