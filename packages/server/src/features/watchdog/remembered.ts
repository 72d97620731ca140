import type { Memory } from './core/memory.ts';

/** What stays true over a restart of control: a person's stop, and a fault that was reported. */
export function remembered(
  known: { state: Memory['state']; since: number; reason: string } | undefined,
  faulty: boolean,
): Partial<Memory> {
  if (known?.state === 'STOPPED_BY_USER') return known;
  if (!faulty) return {};
  const reason = known?.reason ?? 'down before Vigiles was restarted';
  return { state: 'DOWN', reason, faulty: true, ...(known ? { since: known.since } : {}) };
}
