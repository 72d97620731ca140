/** What is remembered of a heartbeat. Times are UTC ms. */
export interface HeartbeatPast {
  /** When it was waited for first. */
  firstAt: number;
  lastAt: number | null;
  status: 'up' | 'down';
  message: string;
  /** When Vigiles could last not have heard one: it was off, or the machine slept. */
  deafUntil: number | null;
}

export interface HeartbeatRule {
  /** When the next one is due after one at this time. */
  dueAfter(at: number): number;
  graceMs: number;
}

export type HeartbeatVerdict =
  | { result: 'up'; deadline: number }
  | { result: 'down'; reason: string }
  /** Nobody can tell yet. */
  | { result: 'pending'; reason: string };

/** One that arrives in the second of its deadline is in time, whatever was looked at first (uptime-kuma#1747). */
const leewayMs = 1000;

export function judgeHeartbeat(past: HeartbeatPast, rule: HeartbeatRule, now: number): HeartbeatVerdict {
  const deadlineAfter = (at: number) => rule.dueAfter(at) + rule.graceMs + leewayMs;
  const { firstAt, lastAt, deafUntil } = past;
  if (lastAt !== null && past.status === 'down') {
    return { result: 'down', reason: past.message || 'it reported that it is down' };
  }
  const deadline = deadlineAfter(lastAt ?? firstAt);
  if (lastAt !== null && now < deadline) return { result: 'up', deadline };
  // One that came meanwhile was not heard: the window starts anew, but nobody says “up”.
  const heardFrom = Math.max(lastAt ?? firstAt, deafUntil ?? 0);
  if (now < deadlineAfter(heardFrom)) {
    const why = lastAt === null ? 'no heartbeat came yet' : 'one may have been missed while Vigiles was away';
    return { result: 'pending', reason: why };
  }
  const since = Math.round((now - (lastAt ?? firstAt)) / 1000);
  const reason =
    lastAt === null ? `no heartbeat ever came, for ${since} s` : `the last heartbeat came ${since} s ago`;
  return { result: 'down', reason };
}
