import type { Decision, Session, SessionCommand, SessionEvent } from '@vigiles/contract';
import { makeCheckpoints, makeCommands, makeDecisions, makeSessions } from './make-sessions.ts';
import { storyEvent } from './session-story.ts';

export interface SessionWorld {
  sessions: Session[];
  decisions: Decision[];
  commands: SessionCommand[];
  /** Events that happened since it began, by session; what was before is made up when it is asked for. */
  happened: Map<string, SessionEvent[]>;
}

export function makeSessionWorld(isEmpty: boolean): SessionWorld {
  const now = Date.now();
  return isEmpty
    ? { sessions: [], decisions: [], commands: [], happened: new Map() }
    : {
        sessions: makeSessions(now),
        decisions: makeDecisions(now),
        commands: makeCommands(now),
        happened: new Map(),
      };
}

const started = Date.now();

/** Appends to a session's log; the stand-in sends it to those who follow. */
export function happen(
  world: SessionWorld,
  id: string,
  type: string,
  data: Record<string, unknown>,
): SessionEvent {
  const session = world.sessions.find((each) => each.session_id === id);
  const seq = (session?.head_seq ?? 0) + 1;
  const event: SessionEvent = {
    session_id: id,
    seq,
    event_id: `${id}_${seq}`,
    ts: Date.now(),
    type,
    actor: `agent:${id}`,
    command_id: null,
    data,
  };
  if (session) Object.assign(session, { head_seq: seq, last_event_at: event.ts });
  world.happened.set(id, [...(world.happened.get(id) ?? []), event].slice(-5_000));
  return event;
}

export function readLog(
  world: SessionWorld,
  session: Session,
  after: number,
  limit: number,
  types: string | null,
) {
  const { session_id: id, head_seq: head } = session;
  const late = world.happened.get(id) ?? [];
  const firstLate = late[0]?.seq ?? head + 1;
  const wanted = types?.split(',').map((type) => type.replace('*', '')) ?? [];
  const events: SessionEvent[] = [];
  let seq = after;
  while (seq < head && events.length < limit) {
    seq += 1;
    const event =
      seq >= firstLate ? late[seq - firstLate] : storyEvent(id, seq, firstLate - 1, started - 2_000);
    if (event && (wanted.length === 0 || wanted.some((type) => event.type.startsWith(type))))
      events.push(event);
  }
  return { events, next_seq: seq, head_seq: head, oldest_seq: 1, more: seq < head };
}

interface Answer {
  status: number;
  body: unknown;
}
const ok = (body: unknown): Answer => ({ status: 200, body });
const refuse = (status: number, code: string, error: string): Answer => ({
  status,
  body: { success: false, error, code, timestamp: new Date().toISOString() },
});

/** The sessions' routes, made up; null: another path. `tell` sends an event to whoever follows. */
export function answerSessions(
  world: SessionWorld,
  method: string,
  url: URL,
  body: Record<string, unknown>,
  tell: (event: SessionEvent) => void,
): Answer | null {
  const { pathname: path, searchParams: query } = url;
  if (path === '/api/v1/decisions')
    return ok({ decisions: world.decisions.filter(({ state }) => state === 'pending') });
  if (path === '/api/v1/sessions') {
    const text = (query.get('q') ?? '').toLowerCase();
    const found = world.sessions.filter(
      (each) =>
        each.title.toLowerCase().includes(text) &&
        (!query.get('phase') || each.phase === query.get('phase')) &&
        (!query.get('agent') || (each.agent?.kind ?? 'http') === query.get('agent')),
    );
    return ok({ sessions: found, next_cursor: null });
  }
  const [, rawId = '', rest = ''] = /^\/api\/v1\/sessions\/([^/]+)(.*)$/.exec(path) ?? [];
  if (rawId === '') return null;
  const id = decodeURIComponent(rawId);
  const session = world.sessions.find((each) => each.session_id === id);
  if (!session) return refuse(404, 'session_not_found', `Session not found: ${id}`);
  const mine = <T extends { session_id: string }>(all: readonly T[]) =>
    all.filter((each) => each.session_id === id);
  if (rest === '') {
    const watching = session.watchers > 0 ? ['Ada’s laptop', 'Browser'].slice(0, session.watchers) : [];
    return ok({ ...session, lease: null, watching });
  }
  if (rest === '/events')
    return ok(
      readLog(
        world,
        session,
        Number(query.get('after_seq') ?? 0),
        Number(query.get('limit') ?? 100),
        query.get('types'),
      ),
    );
  if (rest === '/checkpoints') return ok({ checkpoints: mine(makeCheckpoints(Date.now())) });
  if (rest.endsWith('/preview'))
    return ok({
      checkpoint_id: 'cp_5',
      folder: '/home/ada/app',
      changes: [
        { path: 'src/parser.ts', kind: 'restore' },
        { path: 'test/empty-1.test.ts', kind: 'delete' },
      ],
      more: 0,
      conversation: true,
    });
  if (rest === '/commands' && method === 'GET') return ok({ commands: mine(world.commands) });
  if (rest === '/commands') {
    const type = String(body['type']) as SessionCommand['type'];
    const now = Date.now();
    const made: SessionCommand = {
      command_id: `cmd_${now}`,
      session_id: id,
      type,
      args: body,
      state: 'queued',
      actor: 'device:dev_browser',
      expected_seq: null,
      created_at: now,
      deadline: now + 60_000,
      delivered_at: null,
      settled_at: null,
      epoch: null,
      seq: session.head_seq + 1,
      note: '',
      evidence: null,
    };
    world.commands.unshift(made);
    const update = (state: SessionCommand['state'], over: Partial<Session>) => (): void => {
      Object.assign(made, {
        state,
        delivered_at: Date.now(),
        settled_at: state === 'applied' ? Date.now() : null,
      });
      Object.assign(session, over);
      tell(
        happen(world, id, 'command:update', {
          command_id: made.command_id,
          command_type: type,
          state,
          note: '',
        }),
      );
    };
    const phase = { HALT: 'halted', RESUME: 'running' }[type as string] as Session['phase'] | undefined;
    if (session.agent) {
      setTimeout(update('delivered', type === 'HALT' ? { phase: 'halting' } : {}), 400).unref();
      setTimeout(
        update('applied', phase ? { phase, status: phase === 'halted' ? 'halted' : 'running' } : {}),
        1_400,
      ).unref();
    }
    return ok({
      success: true,
      message: 'Accepted',
      timestamp: new Date().toISOString(),
      command_type: type,
      command_id: made.command_id,
      state: 'queued',
    });
  }
  const [, decisionId] = /^\/decisions\/([^/]+)/.exec(rest) ?? [];
  const decision = mine(world.decisions).find(({ decision_id }) => decision_id === decisionId);
  if (decision && method === 'GET') return ok(decision);
  if (decision?.state === 'resolved') return refuse(409, 'decision_made', 'It was answered already.');
  if (decision) {
    const resolution = {
      source: 'operator',
      choice: String(body['choice']),
      by: 'device:dev_browser',
      at: Date.now(),
      note: '',
    };
    Object.assign(decision, { state: 'resolved', resolution });
    session.pending_decisions -= 1;
    tell(
      happen(world, id, 'decision:made', {
        decision_id: decisionId,
        choice: resolution.choice,
        made_by: resolution.by,
      }),
    );
    return ok(decision);
  }
  return refuse(404, 'not_found', `There is no ${path}.`);
}
