import type { KnownPattern } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
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

/** Tier 2: what helped before, by fingerprint. In memory, so that healing never waits for the store. */
export function createKnowledge({ store, clock, log }: KnowledgeDeps) {
  /** Longest unseen first. */
  const patterns = new Map<string, StoredPattern>();
  const behind = createWriteBehind({ log });

  function save(pattern: StoredPattern): void {
    const copy = structuredClone(pattern);
    behind.push(pattern.fingerprint, () => store.save(copy));
  }

  function remove(fingerprint: string): void {
    patterns.delete(fingerprint);
    behind.push(fingerprint, () => store.remove(fingerprint));
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
    how(pattern, clock.now());
    save(pattern);
    return true;
  }

  return {
    /** It was seen again, or for the first time. */
    seen(fingerprint: Fingerprint): void {
      const now = clock.now();
      const template = redactText(fingerprint.template);
      const pattern = patterns.get(fingerprint.id) ?? newPattern({ ...fingerprint, template }, now);
      pattern.occurrences += 1;
      pattern.lastAt = now;
      touch(pattern);
      evict(fingerprint.id);
      save(pattern);
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
      const remedy = patterns.get(fingerprint)?.remedies.find(({ id }) => id === remedyId);
      if (!remedy) return false;
      return change(fingerprint, () => {
        remedy.promoted = promoted;
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
      for (const pattern of await store.all()) patterns.set(pattern.fingerprint, pattern);
    },
    settled: () => behind.settled(),
    stop: () => behind.close(),
  };
}

export type Knowledge = ReturnType<typeof createKnowledge>;
