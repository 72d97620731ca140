import type { DeadmanState, VigilesConfig } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import type { Component } from '../../kernel/lifecycle.ts';
import type { Log } from '../../kernel/log.ts';
import { toFault } from '../../kernel/fault.ts';
import type { Egress } from '../../platform/egress/index.ts';
import { hostOf } from './define-channel.ts';

export interface DeadmanDeps {
  clock: Clock;
  log: Log;
  egress: Egress;
  config(): VigilesConfig['deadman'];
  resolve(text: string): string;
  /** Looks whether everything that watches really works: null, or what does not. */
  look(): Promise<string | null>;
  /** Told when the sign of life cannot be given, and when it can be again. */
  changed(state: DeadmanState): void;
}

/** A look that takes longer than this has found something. */
const lookMs = 15_000;

/**
 * Tells a service elsewhere that Vigiles lives, and only while it really works: what stays away is noticed there. When something
 * does not work, nothing is sent, or `fail_url` is called.
 */
export function createDeadman(deps: DeadmanDeps) {
  const { clock, log, egress, config, resolve, look } = deps;
  let timer: NodeJS.Timeout | null = null;
  let round: Promise<void> = Promise.resolve();
  const stop = new AbortController();
  let last: Pick<DeadmanState, 'ok' | 'last_at' | 'last_ok_at' | 'reason'> = {
    ok: null,
    last_at: null,
    last_ok_at: null,
    reason: '',
  };

  async function call(text: string): Promise<string | null> {
    let url: string;
    try {
      url = resolve(text);
    } catch (thrown) {
      return toFault(thrown).message;
    }
    const answer = await egress.fetch({
      url,
      reach: 'configured',
      method: config().method,
      timeoutMs: 10_000,
      maxBytes: 65_536,
      redirects: 3,
      signal: stop.signal,
    });
    if (!answer.ok) return answer.fault.message;
    const { status } = answer.value;
    return status >= 200 && status < 300 ? null : `${hostOf(url)} answered ${status}`;
  }

  async function looked(): Promise<string | null> {
    const late = Promise.withResolvers<string>();
    const timeout = setTimeout(() => late.resolve(`looking took longer than ${lookMs / 1000} s`), lookMs);
    try {
      return await Promise.race([look(), late.promise]);
    } catch (thrown) {
      return toFault(thrown).message;
    } finally {
      clearTimeout(timeout);
    }
  }

  async function beat(): Promise<void> {
    const { url, fail_url: failUrl } = config();
    if (url === undefined) return;
    const wrong = await looked();
    const problem = wrong === null ? await call(url) : `Vigiles does not watch as it should: ${wrong}`;
    if (wrong !== null && failUrl !== undefined) {
      const unheard = await call(failUrl);
      if (unheard !== null)
        log.warn({ reason: unheard }, 'The dead-man service could not be told of the failure');
    }
    if (stop.signal.aborted) return;
    const before = last.ok;
    const at = clock.now();
    last = {
      ok: problem === null,
      last_at: at,
      last_ok_at: problem === null ? at : last.last_ok_at,
      reason: problem ?? '',
    };
    if (problem !== null) log.warn({ reason: problem }, 'The sign of life could not be given');
    if (before !== last.ok && !(before === null && last.ok)) deps.changed(state());
  }

  function next(waitMs: number): void {
    if (stop.signal.aborted) return;
    timer = setTimeout(() => {
      round = beat()
        .catch((thrown: unknown) => log.error({ err: thrown }, 'The dead-man ping broke'))
        .finally(() => next(config().interval_s * 1000));
    }, waitMs).unref();
  }

  function state(): DeadmanState {
    const { url } = config();
    let target: string | null = null;
    try {
      target = url === undefined ? null : hostOf(resolve(url));
    } catch {
      // The reference is missing; the reason says so.
      target = null;
    }
    return { enabled: url !== undefined, target, ...last };
  }

  const component: Component = {
    name: 'dead-man ping',
    start: () => next(Math.min(5000, config().interval_s * 1000)),
    async stop() {
      stop.abort();
      if (timer) clearTimeout(timer);
      await round;
    },
  };
  return { component, state, beat };
}
