import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  CommandResult,
  RollbackPreview,
  Session,
  SessionCommand,
  SessionEvent,
} from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { clean } from '../output/clean.ts';
import { note, say, sayJson } from '../output/print.ts';

interface Options {
  home?: string;
  json?: boolean;
}

const at = (id: string): string => `/api/v1/sessions/${encodeURIComponent(id)}`;
const FOLLOW_MS = 500;
const SETTLE_MS = 300_000;

const dollars = (micros: number): string => `$${(micros / 1e6).toFixed(4)}`;
const line = ({ session_id, status, phase, agent, cost_microusd, title }: Session): string =>
  clean(
    [
      session_id,
      status === phase ? status : `${status}/${phase}`,
      agent?.name ?? '-',
      dollars(cost_microusd),
      title,
    ].join('  '),
  );

/** `vigiles session list` */
export async function listSessionsVerb({ home, json }: Options): Promise<void> {
  const answer = await connect(homeOf(home)).get<{ sessions: Session[] }>('/api/v1/sessions?limit=50');
  if (json) return sayJson(answer);
  say(
    answer.sessions.length === 0
      ? 'No sessions yet. Start one: vigiles run codex -- PROMPT'
      : answer.sessions.map(line).join('\n'),
  );
}

/** `vigiles session show <id>` */
export async function showSessionVerb(id: string, { home, json }: Options): Promise<void> {
  const session = await connect(homeOf(home)).get<Session>(at(id));
  if (json) return sayJson(session);
  say(line(session));
  if (session.phase_reason !== '') say(clean(session.phase_reason));
  if (session.pending_decisions > 0)
    note(`${session.pending_decisions} decisions wait: vigiles session decide`);
}

/** Gives a command and waits for what came of it. */
export async function commandVerb(
  id: string,
  type: string,
  args: Record<string, unknown>,
  { home, json }: Options,
): Promise<void> {
  const api = connect(homeOf(home));
  const result = await api.send<CommandResult>('POST', `${at(id)}/commands`, { type, ...args });
  if (!result.success) throw new CliError(clean(result.error ?? 'It was refused.'), exitCode.refused);
  const commandId = result.command_id;
  if (type === 'DECISION' || commandId === undefined) {
    if (json) sayJson(result);
    else say(clean(result.message ?? 'Done'));
    return;
  }
  for (const until = Date.now() + SETTLE_MS; Date.now() < until; await delay(FOLLOW_MS / 5)) {
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
  id: string,
  { checkpoint, steps, yes, ...options }: Options & { checkpoint?: string; steps: number; yes?: boolean },
): Promise<void> {
  const api = connect(homeOf(options.home));
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

/** `vigiles session export <id>`: its log, one event a line. */
export async function exportSessionVerb(
  id: string,
  { home, out }: Options & { out?: string },
): Promise<void> {
  const response = await connect(homeOf(home)).open(`${at(id)}/export`, {}, AbortSignal.timeout(120_000));
  const text = await response.text();
  if (!response.ok) throw new CliError(clean(text.slice(0, 500)));
  if (out === undefined) return say(text.trimEnd());
  await writeFile(out, text, { mode: 0o600 });
  say(`Written to ${out}.`);
}

const described = ({ type, data }: SessionEvent): string => {
  const words =
    data['text'] ??
    data['question'] ??
    data['path'] ??
    data['skill_name'] ??
    data['error'] ??
    data['reason'] ??
    '';
  return clean(`${type}  ${typeof words === 'string' ? words.slice(0, 500) : ''}`);
};
const ended = new Set(['completed', 'failed', 'halted', 'disconnected']);

/** `vigiles attach <id>`: follows a session until it rests. */
export async function attachVerb(
  id: string,
  { home, json, follow }: Options & { follow?: boolean },
): Promise<void> {
  const api = connect(homeOf(home));
  for (let seq = 0; ;) {
    const { events } = await api.get<{ events: SessionEvent[] }>(
      `${at(id)}/events?after_seq=${seq}&limit=500`,
    );
    for (const event of events) {
      seq = event.seq;
      if (json) say(JSON.stringify(event));
      else say(described(event));
    }
    if (events.length > 0) continue;
    const { phase, status } = await api.get<Session>(at(id));
    if (!follow && ended.has(phase)) {
      if (status === 'failed') throw new CliError('', exitCode.failure);
      return;
    }
    await delay(FOLLOW_MS);
  }
}

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
  const session = await connect(homeOf(options.home)).send<Session>('POST', '/api/v1/agents/runs', {
    agent,
    folder: resolve(options.repo ?? '.'),
    prompt,
    ...(options.model === undefined ? {} : { model: options.model }),
    approvals: options.full ? 'full' : 'ask',
  });
  if (options.detach) return options.json ? sayJson(session) : say(session.session_id);
  note(`Session ${session.session_id}`);
  return attachVerb(session.session_id, options);
}
