import { oneStep } from '../packages/server/src/features/watchdog/core/learn/remedy.ts';
import { fingerprintOf } from '../packages/server/src/features/watchdog/core/learn/fingerprint.ts';
import {
  createKnowledge,
  maxPatterns,
} from '../packages/server/src/features/watchdog/knowledge/knowledge.ts';
import type { StoredPattern } from '../packages/server/src/features/watchdog/knowledge/pattern.ts';
import { silentLog } from '../packages/server/src/kernel/log.ts';
import { summarise } from './statistics.ts';
import type { Row } from './table.ts';

const title = 'known patterns: from a log line to what helped, 500 entries, p99 ms';

/** How long tier 2 takes from a line that was never seen in this form to its remedies. */
export function knowledgeRows(wanted: (title: string) => boolean): Row[] {
  if (!wanted(title)) return [];
  const stored = new Map<string, StoredPattern>();
  const knowledge = createKnowledge({
    store: {
      shared: false,
      all: async () => [],
      remove: async (fingerprint) => void stored.delete(fingerprint),
      async change(fingerprint, how, fresh) {
        const pattern = structuredClone(stored.get(fingerprint) ?? fresh);
        if (!pattern) return null;
        how(pattern);
        stored.set(fingerprint, pattern);
        return pattern;
      },
    },
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    log: silentLog,
  });
  const word = (at: number) => String.fromCharCode(97 + (at % 26), 97 + (Math.floor(at / 26) % 26));
  const printOf = (at: number, noise: number) =>
    fingerprintOf({
      fault: 'B4',
      targetClass: 'provider',
      version: '1.4.2',
      line: `2026-11-21T06:00:${String(noise % 60).padStart(2, '0')}Z upstream ${word(at)} said 503 after ${noise + 100} ms, request 4f${String(noise).padStart(8, '0')}a9c2`,
    });
  for (let at = 0; at < maxPatterns; at += 1) {
    const print = printOf(at, at);
    knowledge.seen(print);
    for (const action of ['restart_service', 'switch_provider', 'retry_with_backoff'])
      for (let times = 0; times < 5; times += 1) knowledge.count(print.id, oneStep(action), 1, 'fixed');
  }
  let found = 0;
  const times = Array.from({ length: 5000 }, (_, at) => {
    const before = performance.now();
    found += knowledge.lookup(printOf(at % maxPatterns, at * 7).id).length > 0 ? 1 : 0;
    return performance.now() - before;
  });
  const { p50, p99, max } = summarise(times);
  return [
    {
      title,
      measured: p99,
      target: '< 5',
      met: p99 < 5 && found === 5000,
      detail: `p50 ${p50.toFixed(3)}, most ${max.toFixed(2)}; ${found} of 5000 found`,
    },
  ];
}
