import type { SessionPhase, SessionStatus } from '@vigiles/contract';

/** The part of a session that its events change. */
export interface SessionState {
  status: SessionStatus;
  phase: SessionPhase;
  phase_reason: string;
  title: string;
  progress: number;
  current_skill: string | null;
  cost_microusd: number;
  tokens_input: number;
  tokens_cached: number;
  tokens_output: number;
}

/** What one event does to its session. Small and plain: it crosses threads with the event. */
export interface Effect {
  status?: SessionStatus;
  phase?: SessionPhase;
  reason?: string;
  title?: string;
  progress?: number;
  skill?: string | null;
  /** Totals so far, not additions. */
  usage?: { cost?: number; input?: number; cached?: number; output?: number };
  /** It shows that the agent works: a session that was halted is not. */
  activity?: true;
}

type Data = Readonly<Record<string, unknown>>;

const textOf = (value: unknown, max: number): string | undefined =>
  typeof value === 'string' ? value.replaceAll('\0', '').slice(0, max) : undefined;
const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER
    ? Math.round(value)
    : undefined;
type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
/** Without the fields that are not there. */
const present = <T extends object>(value: T): Present<T> =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Present<T>;

function progressOf(data: Data): Effect {
  const given = data['progress'] ?? data['percent'];
  if (typeof given !== 'number' || !Number.isFinite(given)) return {};
  return { progress: Math.min(100, Math.max(0, given)) };
}

const phases: ReadonlySet<unknown> = new Set<SessionPhase>([
  'idle',
  'running',
  'waiting',
  'halting',
  'halted',
  'resuming',
  'rolling_back',
  'disconnected',
  'completed',
  'failed',
]);

/** The seed's word for a phase; null where the phase says nothing about it. */
export const statusOfPhase = (phase: SessionPhase): SessionStatus | null => {
  if (phase === 'halted' || phase === 'completed' || phase === 'failed') return phase;
  if (phase === 'running' || phase === 'waiting') return 'running';
  return null;
};

const ended = (status: 'completed' | 'failed', data: Data): Effect =>
  present({
    status,
    phase: status,
    reason: textOf(data['reason'] ?? data['error'], 500) ?? '',
    skill: null,
    ...(status === 'completed' ? { progress: 100 } : {}),
  });

const rules: Record<string, (data: Data) => Effect> = {
  'execution:started': (data) =>
    present({
      status: 'running' as const,
      phase: 'running' as const,
      reason: '',
      title: textOf(data['title'] ?? data['task'], 200),
    }),
  'execution:progress': progressOf,
  'skill:progress': progressOf,
  'execution:halting': (data) => ({ phase: 'halting', reason: textOf(data['reason'], 500) ?? '' }),
  'execution:halted': (data) => ({
    status: 'halted',
    phase: 'halted',
    reason: textOf(data['reason'], 500) ?? '',
  }),
  'execution:still_running': () => ({
    status: 'running',
    phase: 'running',
    reason: 'It went on after it was halted',
  }),
  'execution:resumed': () => ({ status: 'running', phase: 'running', reason: '' }),
  'execution:completed': (data) => ended('completed', data),
  'execution:failed': (data) => ended('failed', data),
  'execution:rollback_started': () => ({ phase: 'rolling_back', reason: '' }),
  'execution:rollback_completed': () => ({ phase: 'halted', status: 'halted', reason: '' }),
  'skill:started': (data) => present({ skill: textOf(data['skill_name'], 200), activity: true as const }),
  'skill:completed': () => ({ skill: null }),
  'skill:failed': () => ({ skill: null }),
  'agent:spawned': () => ({ activity: true }),
  'file:created': () => ({ activity: true }),
  'file:modified': () => ({ activity: true }),
  'file:deleted': () => ({ activity: true }),
  'usage:updated': (data) => ({
    usage: present({
      cost: countOf(data['cost_microusd']),
      input: countOf(data['input_tokens']),
      cached: countOf(data['cached_input_tokens']),
      output: countOf(data['output_tokens']),
    }),
  }),
  'session:phase': (data) => {
    const phase = data['phase'];
    if (!phases.has(phase)) return {};
    const status = statusOfPhase(phase as SessionPhase);
    return {
      phase: phase as SessionPhase,
      reason: textOf(data['reason'], 500) ?? '',
      ...(status ? { status } : {}),
    };
  },
};

/** What an event of this type does to its session; null where nothing. Pure, and safe for any `data`. */
export function effectOf(type: string, data: Data): Effect | null {
  const rule = Object.hasOwn(rules, type) ? rules[type] : undefined;
  return rule ? rule(data) : null;
}

/** Whether the effect contradicts what was told of the session: it works although it was halted. */
export const contradicts = (state: SessionState, effect: Effect): boolean =>
  effect.activity === true && state.status === 'halted' && state.phase === 'halted';

/** The session after an event. `created` becomes `running` with the first sign of work. */
export function applyEffect(state: SessionState, effect: Effect): SessionState {
  const { usage } = effect;
  const begun = effect.activity === true && state.status === 'created';
  return {
    status: effect.status ?? (begun ? 'running' : state.status),
    phase: effect.phase ?? (begun || (effect.activity && state.phase === 'idle') ? 'running' : state.phase),
    phase_reason: effect.reason ?? state.phase_reason,
    title: state.title === '' ? (effect.title ?? '') : state.title,
    progress: effect.progress ?? state.progress,
    current_skill: effect.skill === undefined ? state.current_skill : effect.skill,
    cost_microusd: usage?.cost ?? state.cost_microusd,
    tokens_input: usage?.input ?? state.tokens_input,
    tokens_cached: usage?.cached ?? state.tokens_cached,
    tokens_output: usage?.output ?? state.tokens_output,
  };
}
