import type { CheckConfig } from '@vigiles/contract';
import type { CheckDefinition, CheckKit, CheckPlace, Look, LookContext, Prepared } from './define-check.ts';
import { cannotTell, failedLook } from './failed-look.ts';
import { keepSecrets } from './keep-secrets.ts';
import { checks } from './registry.gen.ts';

const definitions = new Map<string, unknown>(
  Object.values(checks).map((definition) => [definition.type, definition]),
);

/** The definition of a check: its config decides the type, so the pair always fits. */
export const definitionOf = (config: CheckConfig): CheckDefinition<CheckConfig['type']> =>
  definitions.get(config.type) as CheckDefinition<CheckConfig['type']>;

/** A check in use: looks one at a time. */
export interface Probe {
  /** Whatever happens, it ends soon after the time is over and leaves nothing open. Never rejects. */
  look(subject: LookContext['subject']): Promise<Look>;
  /** Ends a look that is under way and gives back what is held. */
  close(): void;
}

/** Prepares a check for many looks: the timer and, while nothing is late, the signal serve all of them. */
export function openProbe(config: CheckConfig, kit: CheckKit, place: CheckPlace): Probe {
  const tries = 1 + ('retries' in config ? config.retries : 0);
  const { resolve, scrub } = keepSecrets(kit);
  const scrubbing = { ...kit, resolve };
  let prepared: Prepared | null = null;
  let abort = new AbortController();
  let looking = false;
  let closed = false;
  const timer = setTimeout(() => looking && abort.abort(), config.timeout_s * 1000).unref();

  const isClosed = () => closed;

  async function lookOnce(subject: LookContext['subject']): Promise<Look> {
    if (abort.signal.aborted) abort = new AbortController();
    const { signal } = abort;
    looking = true;
    timer.refresh();
    try {
      prepared ??= definitionOf(config).prepare(config, scrubbing, place);
      return scrub(await prepared.look({ signal, subject }));
    } catch (thrown) {
      return scrub(failedLook(thrown, signal));
    } finally {
      looking = false;
    }
  }

  return {
    async look(subject) {
      for (let tried = 1; ; tried += 1) {
        if (isClosed()) return cannotTell('it is not looked at any more');
        const found = await lookOnce(subject);
        if (found.ok || found.ours || tried >= tries) return found;
      }
    },
    close() {
      closed = true;
      clearTimeout(timer);
      abort.abort();
      prepared?.close?.();
      prepared = null;
    },
  };
}
