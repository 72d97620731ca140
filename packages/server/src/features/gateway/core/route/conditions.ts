import type { CandidateWhenConfig, ModelAbility } from '@vigiles/contract';
import { inDaySpan } from './day-span.ts';
import type { Task } from './task.ts';

/** The first condition of a candidate that a turn does not meet, in words; null: it meets them all. */
export function unmetCondition(
  when: CandidateWhenConfig,
  turn: { task: Task; needs: readonly ModelAbility[]; inputTokens: number; now: number },
): string | null {
  const { task, needs, inputTokens, now } = turn;
  if (when.needs.length > 0 && !when.needs.some((need) => needs.includes(need))) {
    return `only for turns that need ${when.needs.join(' or ')}`;
  }
  if (when.min_input_tokens !== undefined && inputTokens < when.min_input_tokens) {
    return `only from ${when.min_input_tokens} tokens, this has about ${inputTokens}`;
  }
  if (when.max_input_tokens !== undefined && inputTokens > when.max_input_tokens) {
    return `only up to ${when.max_input_tokens} tokens, this has about ${inputTokens}`;
  }
  if (when.privacy.length > 0 && !when.privacy.includes(task.privacy)) {
    return `only for ${when.privacy.join(' or ')} turns, this is ${task.privacy}`;
  }
  for (const name of ['workspace', 'intent'] as const) {
    const allowed = when[name];
    const said = task[name];
    if (allowed.length > 0 && (said === undefined || !allowed.includes(said))) {
      return `only for ${name} ${allowed.join(' or ')}${said === undefined ? ', none was named' : `, this is ${said}`}`;
    }
  }
  if (when.tags.length > 0 && !when.tags.some((tag) => task.tags.includes(tag))) {
    return `only with the tag ${when.tags.join(' or ')}`;
  }
  const barred = when.without_tags.find((tag) => task.tags.includes(tag));
  if (barred !== undefined) return `not with the tag ${barred}`;
  if (when.time.length > 0 && !when.time.some((span) => inDaySpan(span, now))) {
    return `only ${when.time.map(({ from, to, time_zone: zone }) => `${from}–${to} ${zone}`).join(' or ')}`;
  }
  return null;
}
