import { CommandType, type CommandState, type SessionPhase, type SessionStatus } from '@vigiles/contract';

/** The seed's checks of a command, with its texts (shannon-cli, `src/shannon/server/websocket.py`). */
export type Checked =
  | { ok: true; type: CommandType; args: Record<string, unknown> }
  | { ok: false; error: string; code: string; type?: string };

const own = new Set(['type', 'session_id', 'command_id', 'expected_seq', 'ttl_s', 'timestamp', 'token']);

/** Reads a command: its type in any case, and whether its arguments are there. */
export function checkCommand(input: Readonly<Record<string, unknown>>): Checked {
  const given = input['type'];
  if (given === undefined || given === null || given === '')
    return { ok: false, error: 'Command type is required', code: 'type_required' };
  const shown = (typeof given === 'string' ? given : (JSON.stringify(given) ?? '')).slice(0, 100);
  const known = CommandType.safeParse(shown.toUpperCase());
  if (!known.success)
    return { ok: false, error: `Unknown command type: ${shown}`, code: 'unknown_type', type: shown };
  const type = known.data;
  const args = Object.fromEntries(Object.entries(input).filter(([key]) => !own.has(key)));
  const lacks = (name: string): boolean =>
    args[name] === undefined || args[name] === null || args[name] === '';
  const wrong = (error: string, code = 'missing_argument'): Checked => ({ ok: false, error, code, type });
  if (type === 'ROLLBACK') {
    if (typeof input['session_id'] !== 'string' || input['session_id'] === '')
      return wrong('session_id is required for rollback');
    const steps = args['steps'] ?? 1;
    if (!Number.isInteger(steps) || (steps as number) < 1 || (steps as number) > 1000)
      return wrong('steps must be a whole number from 1 to 1000', 'invalid_argument');
    args['steps'] = steps;
  }
  // An agent is steered with words; the seed's orchestrator with a skill or a path.
  if (type === 'REDIRECT' && lacks('target_skill') && lacks('target_path') && lacks('message'))
    return wrong('target_skill or target_path is required');
  if (type === 'DECISION' && (lacks('decision_id') || lacks('choice')))
    return wrong('decision_id and choice are required');
  if (type === 'INJECT') {
    if (lacks('skill_name') && lacks('message')) return wrong('skill_name is required');
    const position = args['position'] ?? 'next';
    if (
      position !== 'next' &&
      position !== 'end' &&
      !(Number.isInteger(position) && (position as number) >= 0)
    )
      return wrong('position must be "next", "end" or a number', 'invalid_argument');
    args['position'] = position;
    args['parameters'] ??= {};
  }
  if (type === 'HALT' && lacks('reason')) args['reason'] = 'Dashboard halt request';
  for (const name of ['target_skill', 'target_path', 'message', 'skill_name', 'decision_id', 'reason'])
    if (args[name] !== undefined && args[name] !== null && typeof args[name] !== 'string')
      return wrong(`${name} must be text`, 'invalid_argument');
  return { ok: true, type, args };
}

/** The seed's words for a command that was accepted, and what comes with them. */
export function acceptedText(
  type: CommandType,
  args: Readonly<Record<string, unknown>>,
): { message: string; extras: Record<string, unknown> } {
  switch (type) {
    case 'HALT':
      return { message: 'Execution halted successfully', extras: {} };
    case 'RESUME':
      return { message: 'Execution resumed successfully', extras: {} };
    case 'ROLLBACK':
      return {
        message: `Rollback ${String(args['steps'])} steps initiated`,
        extras: { steps: args['steps'] },
      };
    case 'REDIRECT':
      return {
        message: 'Redirect initiated',
        extras: { target: args['target_skill'] ?? args['target_path'] ?? null },
      };
    case 'DECISION':
      return {
        message: 'Decision recorded',
        extras: { decision_id: args['decision_id'], choice: args['choice'] },
      };
    case 'INJECT': {
      const name = typeof args['skill_name'] === 'string' ? args['skill_name'] : 'message';
      return {
        message: `Skill ${name} injected`,
        extras: { skill_name: args['skill_name'] ?? null, position: args['position'] },
      };
    }
  }
}

/** What is known when a command asks to be accepted. */
export interface Situation {
  status: SessionStatus;
  phase: SessionPhase;
  /** Processes of its agent still run, whatever its turn: there is something to halt. */
  leftRunning: boolean;
  /** Commands that are not settled: HALTs first, otherwise oldest first. */
  open: readonly { commandId: string; type: CommandType; state: CommandState; actor: string; seq: number }[];
  /** The last command that was accepted: who loses against whom. */
  last: { commandId: string; type: CommandType; actor: string; seq: number } | null;
}

export type Admission =
  /** The same is under way: its result counts for this one too. */
  | { kind: 'same'; commandId: string }
  /** It is so already. */
  | { kind: 'done' }
  | { kind: 'refuse'; error: string; code: string }
  /** `supersede`: commands that make no sense any more. */
  | { kind: 'accept'; supersede: readonly string[] };

const isPerson = (actor: string): boolean => actor.startsWith('device:');

/**
 * Whether a command is accepted as things stand. HALT goes before everything and minds no `expected_seq`. What somebody halted is
 * resumed by people, or by who halted it: what heals an agent must not take back what a person wants.
 */
export function admitCommand(
  type: Exclude<CommandType, 'DECISION'>,
  actor: string,
  expectedSeq: number | null,
  { status, phase, leftRunning, open, last }: Situation,
): Admission {
  const ended = status === 'completed' || status === 'failed';
  if (type === 'HALT') {
    // One of a person beside one that heals is a word of its own: it outlasts the healing.
    const under = open.findLast(
      (command) => command.type === 'HALT' && (isPerson(command.actor) || !isPerson(actor)),
    );
    // What was given after the one under way would go on after it: then this is a second one.
    const after = open.some(
      ({ type: other, seq }) => under && seq > under.seq && other !== 'HALT' && other !== 'ROLLBACK',
    );
    if (under && !after) return { kind: 'same', commandId: under.commandId };
    if (ended && !leftRunning)
      return { kind: 'refuse', error: `Cannot halt - execution is ${status}`, code: 'not_running' };
    if (status === 'halted' && phase === 'halted' && !open.some((command) => command.type === 'RESUME'))
      return { kind: 'done' };
    return {
      kind: 'accept',
      supersede: open.flatMap(({ commandId, type: other, state }) =>
        other === 'RESUME' && state === 'queued' ? [commandId] : [],
      ),
    };
  }
  if (expectedSeq !== null && last && last.seq > expectedSeq)
    return {
      kind: 'refuse',
      error: `${last.actor} was faster: ${last.type} (${last.commandId}) came at seq ${last.seq}, you had seen ${expectedSeq}`,
      code: 'expected_seq_conflict',
    };
  if (type === 'RESUME') {
    const halting = open.findLast((command) => command.type === 'HALT');
    const under = open.findLast((command) => command.type === 'RESUME');
    if (under && !(halting && halting.seq > under.seq)) return { kind: 'same', commandId: under.commandId };
    const stands = open.find((command) => command.type === 'HALT' && command.actor !== actor);
    const halted = stands ?? (status === 'halted' ? last : null);
    if (!isPerson(actor) && halted?.type === 'HALT' && halted.actor !== actor)
      return { kind: 'refuse', error: `Cannot resume - ${halted.actor} halts it`, code: 'halted_by_other' };
    // Its agent is gone in the middle of its work: RESUME starts it again, whatever the seed's word for it is.
    if (!halting && status !== 'halted' && phase !== 'disconnected') {
      // A session that was only made runs, in the seed's words.
      const shown = status === 'created' ? 'running' : status;
      return { kind: 'refuse', error: `Cannot resume - execution is ${shown}`, code: 'not_halted' };
    }
    return {
      kind: 'accept',
      supersede: halting?.state === 'queued' ? [halting.commandId] : [],
    };
  }
  return { kind: 'accept', supersede: [] };
}
