import { resolve } from 'node:path';
import type {
  CommandResult,
  Decision,
  RollbackPreview,
  Session,
  SessionCommand,
  SessionEvent,
} from '@vigiles/contract';
import { ApiError, connect } from '../client/api.ts';
import { followStream } from '../client/stream.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { clean } from '../output/clean.ts';
import { note, say, sayJson } from '../output/print.ts';
import { dim } from '../output/style.ts';
import { sessionLine, sessionsView } from '../views/sessions.ts';
import { eventLine, howToAnswer, isQuiet } from '../views/session-event.ts';
import { findSession, sessionPath as at } from './find-session.ts';
import { pause } from './interrupt.ts';

interface Options {
  home?: string;
  json?: boolean;
}

const FOLLOW_MS = 500;
const SETTLE_MS = 300_000;
/** An agent takes its time to start: its launcher, its tool servers, a gateway that starts as well. */
const START_MS = 120_000;

/** `vigiles session list` */
export async function listSessionsVerb({
  home,
  json,
  limit,
  status,
  waiting,
}: Options & { limit: number; status?: string; waiting?: boolean }): Promise<void> {
  const query = new URLSearchParams({
    limit: String(limit),
    ...(status === undefined ? {} : { status }),
    ...(waiting ? { waiting: 'true' } : {}),
  });
  const answer = await connect(homeOf(home)).get<{ sessions: Session[]; next_cursor: string | null }>(
    `/api/v1/sessions?${query.toString()}`,
  );
  if (json) return sayJson(answer);
  if (answer.sessions.length > 0) say(sessionsView(answer.sessions));
  else if (status !== undefined || waiting) say('None of that kind.');
  else say('No sessions yet. Start one: vigiles run codex -- PROMPT');
  if (answer.next_cursor !== null) note('There are more: --limit shows up to 500.');
}

/** `vigiles session show <id>` */
export async function showSessionVerb(id: string, { home, json }: Options): Promise<void> {
  const api = connect(homeOf(home));
  const session = await findSession(api, id);
  if (json) return sayJson(session);
  say(sessionLine(session));
  // What it waits for is said with its answers.
  if (session.phase_reason !== '' && session.pending_decisions === 0) say(clean(session.phase_reason));
  const { reasons = {}, ...can } = session.agent?.capabilities ?? {};
  // A verb that can be used only in part has a reason too.
  for (const [what, why] of Object.entries(reasons))
    say(clean(`${can[what as keyof typeof can] ? '' : 'cannot '}${what}: ${why}`));
  if (session.pending_decisions === 0) return;
  const { decisions } = await api.get<{ decisions: Decision[] }>(`${at(session.session_id)}/decisions`);
  for (const { state, decision_id, question, options } of decisions) {
    if (state !== 'pending') continue;
    say(clean(`It asks: ${question.slice(0, 500)}`));
    note(howToAnswer(session.session_id, decision_id, options));
  }
}

/** Gives a command and waits for what came of it. */
export async function commandVerb(
  given: string,
  type: string,
  args: Record<string, unknown>,
  { home, json }: Options,
): Promise<void> {
  const api = connect(homeOf(home));
  const { session_id: id } = await findSession(api, given);
  const result = await api
    .send<CommandResult>('POST', `${at(id)}/commands`, { type, ...args })
    .catch((thrown: unknown) => {
      // What cannot be done now, or was refused in favour of somebody else.
      if (!(thrown instanceof ApiError) || thrown.status !== 409) throw thrown;
      throw new CliError(clean(thrown.message), exitCode.refused);
    });
  const commandId = result.command_id ?? '';
  // It may take its time: what it waits for is said at once.
  const waitsFor = result['note'];
  if (!json && typeof waitsFor === 'string' && waitsFor !== '') note(dim(clean(waitsFor)));
  let pauseMs = FOLLOW_MS / 5;
  for (const until = Date.now() + SETTLE_MS; Date.now() < until; await pause(pauseMs)) {
    // What takes long is asked about less often: the server counts.
    pauseMs = Math.min(2 * FOLLOW_MS, pauseMs * 1.2);
    const now = await api.get<SessionCommand>(`${at(id)}/commands/${encodeURIComponent(commandId)}`);
    if (now.state === 'queued' || now.state === 'delivered') continue;
    if (json) sayJson(now);
    else say(clean(`${type} ${now.state}${now.note === '' ? '' : `: ${now.note}`}`));
    if (now.state !== 'applied') throw new CliError('', exitCode.refused);
    return;
  }
  throw new CliError(`${type} is still under way.`, exitCode.unhealthy);
}

/** `vigiles session rollback <id>`: shows what it would do, and does it with --yes. */
export async function rollbackVerb(
  given: string,
  { checkpoint, steps, yes, ...options }: Options & { checkpoint?: string; steps: number; yes?: boolean },
): Promise<void> {
  const api = connect(homeOf(options.home));
  const { session_id: id } = await findSession(api, given);
  const { checkpoints } = await api.get<{ checkpoints: { checkpoint_id: string; kind: string }[] }>(
    `${at(id)}/checkpoints`,
  );
  const wanted = checkpoint ?? checkpoints.filter(({ kind }) => kind !== 'safety')[steps - 1]?.checkpoint_id;
  if (wanted === undefined) throw new CliError('There is no such checkpoint.');
  if (yes) return commandVerb(id, 'ROLLBACK', { checkpoint_id: wanted }, options);
  const preview = await api.get<RollbackPreview>(
    `${at(id)}/checkpoints/${encodeURIComponent(wanted)}/preview`,
  );
  if (options.json) return sayJson(preview);
  say(
    preview.changes.map(({ kind, path }) => clean(`${kind.padEnd(9)}${path}`)).join('\n') ||
      'Nothing has changed since.',
  );
  note('Nothing was touched. With --yes it is done; what is there now is kept as a checkpoint first.');
}

const ended = new Set(['completed', 'failed', 'halted', 'disconnected']);

/** `vigiles attach <id>`: follows a session until it rests. */
export async function attachVerb(
  given: string,
  { home, json, follow, types }: Options & { follow?: boolean; types?: string },
): Promise<void> {
  const api = connect(homeOf(home));
  const { session_id: id } = await findSession(api, given);
  const names = types?.split(',').map((name) => name.trim());
  const wanted = types === undefined ? '' : `&types=${encodeURIComponent(types)}`;
  const show = (event: SessionEvent): void => {
    if (json) say(JSON.stringify(event));
    else if (!isQuiet(event)) say(eventLine(event));
  };
  /** Whether it rests now, and everything of it was shown. */
  const rests = async (seq: number): Promise<boolean> => {
    const { phase, status, head_seq } = await api.get<Session>(at(id));
    if (follow || !ended.has(phase) || head_seq > seq) return false;
    if (status === 'failed') throw new CliError('', exitCode.failure);
    return true;
  };
  let seq = 0;
  for (let more = true; more;) {
    const page = await api.get<{ events: SessionEvent[]; next_seq: number; more: boolean }>(
      `${at(id)}/events?after_seq=${seq}&limit=500${wanted}`,
    );
    seq = page.next_seq;
    for (const event of page.events) show(event);
    more = page.more || page.events.length > 0;
  }
  // What is not wanted was not read either.
  if (await rests(types === undefined ? seq : Number.MAX_SAFE_INTEGER)) return;
  const stop = new AbortController();
  try {
    // All types: also those that are not wanted tell that it rests.
    const path = () => `${at(id)}/events?after_seq=${seq}&volatile=false`;
    for await (const each of followStream(api, path, { signal: stop.signal, strict: true })) {
      const event = each as SessionEvent;
      seq = event.seq;
      if (names === undefined || names.some((name) => isOfType(event.type, name))) show(event);
      if (/^(?:execution|session):/.test(event.type) && (await rests(seq))) return;
    }
  } finally {
    stop.abort();
  }
}

/** @param name a type, or `topic:*` */
const isOfType = (type: string, name: string): boolean =>
  name.endsWith(':*') ? type.startsWith(name.slice(0, -1)) : type === name;

export interface RunOptions extends Options {
  repo?: string;
  model?: string;
  full?: boolean;
  detach?: boolean;
}

/** `vigiles run <agent> -- PROMPT` */
export async function runAgentVerb(
  agent: string,
  words: readonly string[],
  options: RunOptions,
): Promise<void> {
  const prompt = words.join(' ');
  if (prompt.trim() === '')
    throw new CliError('Say what it is to do: vigiles run codex -- PROMPT', exitCode.usage);
  const request = {
    agent,
    folder: resolve(options.repo ?? '.'),
    prompt,
    ...(options.model === undefined ? {} : { model: options.model }),
    approvals: options.full ? 'full' : 'ask',
  };
  const api = connect(homeOf(options.home));
  const session = await api.send<Session>('POST', '/api/v1/agents/runs', request, START_MS);
  if (options.detach) return options.json ? sayJson(session) : say(session.session_id);
  note(`Session ${session.session_id}`);
  return attachVerb(session.session_id, options);
}
