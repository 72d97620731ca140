import type { CheckFacts, CheckSeen } from '@vigiles/contract';
import type { Look } from './define-check.ts';

const mostFacts = 40;
const longestFact = 300;

/** Facts as they may leave: few and short. */
export function boundedFacts(facts: CheckFacts = {}): CheckFacts {
  const entries = Object.entries(facts).slice(0, mostFacts);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name.slice(0, 100),
      typeof value === 'string' ? value.slice(0, longestFact) : value,
    ]),
  );
}

/** A look as it is kept and shown. */
export function seenIn(look: Look, at: number): CheckSeen {
  const facts = boundedFacts(look.facts);
  if (look.ok) {
    const latency_ms = Math.round(look.latencyMs * 100) / 100;
    return { at, result: 'healthy', reason: '', latency_ms, facts };
  }
  return { at, result: look.ours ? 'unknown' : 'failed', reason: look.reason, latency_ms: null, facts };
}
