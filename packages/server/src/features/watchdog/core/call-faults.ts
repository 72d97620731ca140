import type { Incident, TurnFault } from '@vigiles/contract';

/** What one of the catalogue's call faults means, and how often it may happen before a person hears of it. */
interface CallFaultRule {
  title: string;
  /** Turns with it within the window. */
  after: number;
  severity: Incident['severity'];
  advice: string;
}

const SWITCH = 'Choose a model that is made for tools, or send this one’s turns elsewhere.';

/** Category C of the catalogue. */
const rules: Record<string, CallFaultRule> = {
  C1: { title: 'asks to explore without saying what', after: 3, severity: 'warning', advice: SWITCH },
  C2: { title: 'asks for more rights in its text', after: 5, severity: 'warning', advice: SWITCH },
  C3: {
    title: 'writes tool calls as text',
    after: 5,
    severity: 'warning',
    advice: 'Start its server with the tool parser of this model, or choose another model.',
  },
  C4: { title: 'wraps arguments twice', after: 5, severity: 'warning', advice: SWITCH },
  C5: { title: 'sends commands that are still JSON', after: 3, severity: 'warning', advice: SWITCH },
  C6: { title: 'sends empty commands', after: 3, severity: 'warning', advice: SWITCH },
  C7: { title: 'leaves its JSON unfinished', after: 3, severity: 'warning', advice: SWITCH },
  C8: { title: 'opens a shell block without a command', after: 3, severity: 'warning', advice: SWITCH },
  C9: { title: 'uses names and types no tool declares', after: 10, severity: 'warning', advice: SWITCH },
  C10: { title: 'is stuck: it only talks', after: 1, severity: 'critical', advice: SWITCH },
};

/** The window that counts, and the silence after which it is over. */
export const WINDOW_MS = 600_000;
export const QUIET_MS = 900_000;
/** Shortest time between two entries of one story. */
const ENTRY_EVERY_MS = 60_000;
const MAX_MODELS = 200;
const MAX_TURNS = 5;

/** One settled turn, as far as this must know. */
export interface FaultyTurn {
  id: string;
  provider: string;
  model: string;
  session_id: string | null;
  faults: readonly TurnFault[];
}

interface Count {
  /** Turns with this fault within the window, oldest first; no more than the rule needs. */
  times: number[];
  total: number;
  recovered: number;
  detail: string;
}

interface ModelFaults {
  provider: string;
  model: string;
  counts: Map<string, Count>;
  /** The last turns that showed any. */
  turns: string[];
  sessions: string[];
  lastAt: number;
  lastEntryAt: number | null;
  /** Turns since the last entry. */
  fresh: number;
}

/** What is to be told: a new story, or an entry in the one that is open. */
export interface CallFaultReport {
  subject: string;
  code: string;
  title: string;
  advice: string;
  severity: Incident['severity'];
  /** Turns since the last report. */
  turns: number;
  evidence: Record<string, unknown>;
}

/** The subject of a model's stories, where a service's name stands otherwise: no service has a colon in its name. */
export const modelSubject = (provider: string, model: string): string =>
  `model:${provider}/${model}`.slice(0, 200);
export const isModelSubject = (subject: string): boolean => subject.startsWith('model:');

/** Counts what models garble. Bounded in models, turns and entries: a storm of faults is one story with few entries. */
export function createCallFaults() {
  /** Longest quiet first. */
  const models = new Map<string, ModelFaults>();

  function remember(subject: string, turn: FaultyTurn, now: number): ModelFaults {
    const known = models.get(subject);
    models.delete(subject);
    const fresh = known && now - known.lastAt < QUIET_MS ? known : undefined;
    const entry: ModelFaults = fresh ?? {
      provider: turn.provider,
      model: turn.model,
      counts: new Map(),
      turns: [],
      sessions: [],
      lastAt: now,
      lastEntryAt: null,
      fresh: 0,
    };
    models.set(subject, entry);
    for (const oldest of models.keys()) {
      if (models.size <= MAX_MODELS) break;
      models.delete(oldest);
    }
    return entry;
  }

  return {
    /** Takes a turn with faults. Undefined: nothing to tell yet, or told a moment ago. */
    seen(turn: FaultyTurn, now: number): CallFaultReport | undefined {
      const subject = modelSubject(turn.provider, turn.model);
      const entry = remember(subject, turn, now);
      entry.lastAt = now;
      entry.fresh += 1;
      entry.turns = [...entry.turns, turn.id].slice(-MAX_TURNS);
      if (turn.session_id !== null && !entry.sessions.includes(turn.session_id))
        entry.sessions = [...entry.sessions, turn.session_id].slice(-MAX_TURNS);
      let worst: string | undefined;
      for (const { fault, count, recovered, detail } of turn.faults) {
        const rule = rules[fault];
        if (!rule) continue;
        const known = entry.counts.get(fault) ?? { times: [], total: 0, recovered: 0, detail: '' };
        entry.counts.set(fault, known);
        known.times = [...known.times.filter((at) => now - at < WINDOW_MS), now].slice(-rule.after);
        known.total += count;
        if (recovered) known.recovered += count;
        known.detail = detail;
        if (known.times.length < rule.after) continue;
        if (worst === undefined || rankOf(rule) > rankOf(rules[worst])) worst = fault;
      }
      const rule = worst === undefined ? undefined : rules[worst];
      if (worst === undefined || !rule) return undefined;
      const due = entry.lastEntryAt === null || now - entry.lastEntryAt >= ENTRY_EVERY_MS;
      if (!due) return undefined;
      entry.lastEntryAt = now;
      const turns = entry.fresh;
      entry.fresh = 0;
      const { total, recovered } = entry.counts.get(worst) ?? { total: 0, recovered: 0 };
      return {
        subject,
        code: worst,
        title: `${turn.model} at ${turn.provider} ${rule.title}`,
        advice: rule.advice,
        // What was put right every time costs nobody anything but the wish to know.
        severity: recovered === total && rule.severity === 'warning' ? 'info' : rule.severity,
        turns,
        evidence: evidenceOf(entry),
      };
    },

    /** Whether nothing was seen of it for so long that its story is over. */
    quiet: (subject: string, since: number, now: number): boolean =>
      now - Math.max(models.get(subject)?.lastAt ?? 0, since) >= QUIET_MS,
  };
}

function evidenceOf({ provider, model, counts, turns, sessions }: ModelFaults): Record<string, unknown> {
  const faults = Object.fromEntries(
    [...counts].map(([code, { total, recovered, detail }]) => [
      code,
      { seen: total, recovered, last: detail },
    ]),
  );
  return { provider, model, faults, last_turns: turns, sessions };
}

const rankOf = (rule: CallFaultRule | undefined): number =>
  rule ? (rule.severity === 'critical' ? 1000 : 100) - rule.after : 0;
