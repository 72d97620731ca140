import type { Agent } from 'undici';
import type { CheckConfig } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { ProcessIdentity } from '../../../platform/process/index.ts';

/** What one look found. */
export type Look =
  | { ok: true; latencyMs: number; identity?: ProcessIdentity }
  | {
      ok: false;
      reason: string;
      /** It did not answer in time, rather than wrongly. */
      timedOut: boolean;
      /** The failure is ours (no descriptors, no network): it says nothing about the target. */
      ours: boolean;
      /** The process itself is gone. */
      dead: boolean;
    };

export interface CheckContext {
  clock: Clock;
  /** Aborted when the time is over: whatever is open has to be closed then. */
  signal: AbortSignal;
  http: Agent;
  /** The instance of the service that runs now. */
  subject: ProcessIdentity | null;
}

export type ConfigOf<Type extends CheckConfig['type']> = Extract<CheckConfig, { type: Type }>;

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
  look(config: ConfigOf<Type>, context: CheckContext): Promise<Look>;
}

export const defineCheck = <Type extends CheckConfig['type']>(
  definition: CheckDefinition<Type>,
): CheckDefinition<Type> => definition;

/** Errors of our own machine, by code: errno(3), and EAI_AGAIN of getaddrinfo(3). */
const ourCodes = new Set([
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOBUFS',
  'ENETDOWN',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
]);

/** A failed look from what was thrown. */
export function failedLook(thrown: unknown, signal: AbortSignal): Look {
  if (signal.aborted)
    return { ok: false, reason: 'no answer in time', timedOut: true, ours: false, dead: false };
  const { code, message } = thrown as { code?: string; message?: string };
  const reason = code ? `${code}: ${message ?? ''}`.slice(0, 300) : String(message ?? thrown).slice(0, 300);
  return { ok: false, reason, timedOut: false, ours: ourCodes.has(code ?? ''), dead: false };
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i;
export const isLoopback = (host: string): boolean => loopback.test(host);
