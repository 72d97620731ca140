import type { KnownPattern } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import { toFault } from '../../../kernel/fault.ts';
import type { Log } from '../../../kernel/log.ts';
import { createWriteBehind } from '../../../platform/store/index.ts';
import { redactText } from '../../actions/index.ts';
import { counted } from '../core/learn/evidence.ts';
import type { Fingerprint } from '../core/learn/fingerprint.ts';
import type { RemedyPlan } from '../core/learn/remedy.ts';
import type { Learned } from '../core/respond/decide-tier.ts';
import {
  countOutcome,
  learnedFrom,
  newPattern,
  patternView,
  takeBack,
  type StoredPattern,
} from './pattern.ts';
import type { KnowledgeStore } from './store.ts';

/** Patterns that are kept; the one that was not seen for longest goes first. Pinned ones stay, and do not count. */
export const maxPatterns = 500;

export interface KnowledgeDeps {
  store: KnowledgeStore;
  clock: Clock;
  log: Log;
}

/** How old what other controls learned may be. */
const refreshMs = 15_000;

/**
 * Tier 2: what helped before, by fingerprint. In memory, so that healing never waits for the store; each change is made again on
 * what is stored, which is the truth where several controls share a database, and comes back from there.
 */
export function createKnowledge({ store, clock, log }: KnowledgeDeps) {
  /** Longest unseen first. */
  const patterns = new Map<string, StoredPattern>();
  const behind = createWriteBehind({ log });
  /** Changes that are not stored yet, by fingerprint: until then memory knows more than the store. */
  const pending = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;

  function later(fingerprint: string, write: () => Promise<StoredPattern | null>): void {
    pending.set(fingerprint, (pending.get(fingerprint) ?? 0) + 1);
    const written = (): boolean => {
      const left = (pending.get(fingerprint) ?? 1) - 1;
      if (left > 0) pending.set(fingerprint, left);
      else pending.delete(fingerprint);
      return left <= 0;
    };
    behind.push(fingerprint, async () => {
      let stored: StoredPattern | null;
      try {
        stored = await write();
      } catch (thrown) {
        // What is tried again is still pending.
        if (!toFault(thrown).retryable) written();
        throw thrown;
      }
      if (!written()) return;
      if (stored) patterns.set(fingerprint, stored);
      // Another control forgot it meanwhile.
      else patterns.delete(fingerprint);
    });
  }

  function remove(fingerprint: string): void {
    patterns.delete(fingerprint);
    later(fingerprint, async () => {
      await store.remove(fingerprint);
      return null;
    });
  }

  function evict(keep: string): void {
    const loose = [...patterns.values()].filter(({ pinned }) => !pinned);
    for (const { fingerprint } of loose.slice(0, Math.max(0, loose.length - maxPatterns))) {
      if (fingerprint !== keep) remove(fingerprint);
    }
  }

  function touch(pattern: StoredPattern): void {
    patterns.delete(pattern.fingerprint);
    patterns.set(pattern.fingerprint, pattern);
  }

  function change(fingerprint: string, how: (pattern: StoredPattern, now: number) => void): boolean {
    const pattern = patterns.get(fingerprint);
    if (!pattern) return false;
    const now = clock.now();
    how(pattern, now);
    later(fingerprint, () => store.change(fingerprint, (stored) => how(stored, now)));
    return true;
  }

  async function refresh(): Promise<void> {
    const stored = await store.all();
    const there = new Set(stored.map(({ fingerprint }) => fingerprint));
    for (const fingerprint of patterns.keys())
      if (!there.has(fingerprint) && !pending.has(fingerprint)) patterns.delete(fingerprint);
    for (const pattern of stored) if (!pending.has(pattern.fingerprint)) touch(pattern);
  }

  return {
    /** It was seen again, or for the first time. */
    seen(fingerprint: Fingerprint): void {
      const now = clock.now();
      const template = redactText(fingerprint.template);
      const fresh = newPattern({ ...fingerprint, template }, now);
      const again = (pattern: StoredPattern): void => {
        pattern.occurrences += 1;
        pattern.lastAt = Math.max(pattern.lastAt, now);
      };
      const pattern = patterns.get(fingerprint.id) ?? structuredClone(fresh);
      again(pattern);
      touch(pattern);
      evict(fingerprint.id);
      later(fingerprint.id, () => store.change(fingerprint.id, again, fresh));
    },
    /** What may be applied by itself, the surest first. */
    lookup(fingerprint: string): Learned[] {
      const pattern = patterns.get(fingerprint);
      return pattern ? learnedFrom(pattern, clock.now()) : [];
    },
    /** Counts a verified outcome; anything else never comes here. */
    count(fingerprint: string, plan: RemedyPlan, tier: number | null, outcome: 'fixed' | 'not_fixed'): void {
      change(fingerprint, (pattern, now) => countOutcome(pattern, plan, tier, outcome === 'fixed', now));
    },
    flip(fingerprint: string, remedyId: string): void {
      change(fingerprint, (pattern, now) => takeBack(pattern, remedyId, now));
    },
    /** How it went while nothing was done. */
    observeSelf(fingerprint: string, recovered: boolean): void {
      change(fingerprint, (pattern, now) => {
        pattern.self = counted(pattern.self, recovered, now);
      });
    },
    pin: (fingerprint: string, pinned: boolean): boolean =>
      change(fingerprint, (pattern) => {
        pattern.pinned = pinned;
      }),
    /** A person vouches for a remedy, or does not any more. False: there is none. */
    promote: (fingerprint: string, remedyId: string, promoted: boolean): boolean => {
      const of = (pattern: StoredPattern | undefined) => pattern?.remedies.find(({ id }) => id === remedyId);
      if (!of(patterns.get(fingerprint))) return false;
      return change(fingerprint, (pattern) => {
        const remedy = of(pattern);
        if (remedy) remedy.promoted = promoted;
      });
    },
    forget(fingerprint: string): boolean {
      if (!patterns.has(fingerprint)) return false;
      remove(fingerprint);
      return true;
    },
    view(fingerprint: string): KnownPattern | null {
      const pattern = patterns.get(fingerprint);
      return pattern ? patternView(pattern, clock.now()) : null;
    },
    /** Last seen first. */
    list: (): KnownPattern[] =>
      [...patterns.values()].toReversed().map((one) => patternView(one, clock.now())),
    async load(): Promise<void> {
      await refresh();
      if (!store.shared) return;
      timer = setInterval(() => {
        refresh().catch((thrown: unknown) =>
          log.warn({ err: thrown }, 'What other controls learned could not be read'),
        );
      }, refreshMs).unref();
    },
    /** Reads what is stored; what waits to be stored stays as it is here. */
    refresh,
    settled: () => behind.settled(),
    async stop(): Promise<void> {
      if (timer) clearInterval(timer);
      await behind.close();
    },
  };
}

export type Knowledge = ReturnType<typeof createKnowledge>;
