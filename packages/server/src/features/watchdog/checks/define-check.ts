import type { CheckConfig, CheckFacts } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { ProcessIdentity } from '../../../platform/process/index.ts';
import type { HeartbeatBook } from '../heartbeats/heartbeat-book.ts';
import type { HttpClient } from './http/http-client.ts';

/** What one look found. `facts` are for people and charts: what was seen, without secrets, hostile. */
export type Look =
  | { ok: true; latencyMs: number; identity?: ProcessIdentity; facts?: CheckFacts }
  | {
      ok: false;
      reason: string;
      /** It did not answer in time, rather than wrongly. */
      timedOut: boolean;
      /** Nothing listens there: the connection was refused. */
      refused?: boolean;
      /** The failure is ours (no descriptors, no network, no permission): it says nothing about the target. */
      ours: boolean;
      /** The process itself is gone. */
      dead: boolean;
      facts?: CheckFacts;
    };

/** What the checks of one service share with all others. */
export interface CheckKit {
  clock: Clock;
  log: Log;
  http: HttpClient;
  heartbeats: HeartbeatBook;
  /** A text with its `${secret:…}` and `${env:…}` filled in; throws an error that names what is missing. */
  resolve(text: string): string;
  /** Programs that may be run, by name; what they see of our environment is in `env`. */
  script(name: string): AllowedScript | null;
  /** PATH, HOME and the like, for the system’s own tools. */
  baseEnv: Readonly<Record<string, string>>;
  /** Where our gateway serves `/v1`, and a token for it; null when it is switched off. */
  gateway(): Promise<{ url: string; token: string } | null>;
  /** Looks by means of a plugin’s check. Never rejects. */
  plugin: PluginLook;
  /** Where a supervised process’s output goes; null for a service that is not started by Vigiles. */
  logFile(service: string): string | null;
}

/** A check of a plugin, asked once. What is missing or broken about the plugin itself is `unknown`. */
export type PluginLook = (ask: {
  /** `<plugin>/<check>`. */
  plugin: string;
  /** References filled in. */
  options: Record<string, unknown>;
  timeoutMs: number;
  signal: AbortSignal;
}) => Promise<
  { state: 'ok'; facts: CheckFacts } | { state: 'failing' | 'unknown'; reason: string; facts: CheckFacts }
>;

export interface AllowedScript {
  command: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
}

export interface LookContext {
  /** Aborted when the time is over: whatever is open has to be closed then. */
  signal: AbortSignal;
  /** The instance of the service that runs now. */
  subject: ProcessIdentity | null;
}

export type ConfigOf<Type extends CheckConfig['type']> = Extract<CheckConfig, { type: Type }>;

/** A check that is in use. Prepared once, looks often; `close` gives back what it holds. */
export interface Prepared {
  look(context: LookContext): Promise<Look>;
  close?(): void;
}

/** Whose check it is: the service’s name and the check’s id within it. */
export interface CheckPlace {
  service: string;
  check: string;
}

/** One way of looking at a service. */
export interface CheckDefinition<Type extends CheckConfig['type']> {
  type: Type;
  title: string;
  /** What is looked at, for people: no secrets. */
  target(config: ConfigOf<Type>): string;
  /** The host it depends on the network for; null for what is on this machine. */
  remoteHost(config: ConfigOf<Type>): string | null;
  /** Port on this machine, to tell slow from dead; null when there is none. */
  localPort(config: ConfigOf<Type>): number | null;
  /** Must not do I/O yet: it runs for every check when the configuration is read. Throws when it cannot work. */
  prepare(config: ConfigOf<Type>, kit: CheckKit, place: CheckPlace): Prepared;
}

export const defineCheck = <Type extends CheckConfig['type']>(
  definition: CheckDefinition<Type>,
): CheckDefinition<Type> => definition;

/** For checks of what is on this machine and has no port. */
export const local = { remoteHost: () => null, localPort: () => null } as const;

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i;
export const isLoopback = (host: string): boolean => loopback.test(host);

/** For checks of a host and a port. */
export const remoteUnlessLoopback = (host: string): string | null => (isLoopback(host) ? null : host);
