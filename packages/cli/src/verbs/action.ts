import type { ActionInfo, ActionPlan, ActionRun } from '@vigiles/contract';
import { connect, type Api } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { say, sayJson } from '../output/print.ts';
import { pause } from './interrupt.ts';
import { actionsView, planView, runLine, runView, stepLine } from '../views/action.ts';

export interface ActionOptions {
  home?: string;
  json?: boolean;
  param?: string[];
  params?: string;
  reason?: string;
  wait?: boolean;
}

/** `name=value` pairs and a JSON object, as the API takes them. Values that are JSON are taken as such. */
export function readParams({ param = [], params }: ActionOptions): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  if (params !== undefined) {
    let whole: unknown;
    try {
      whole = JSON.parse(params);
    } catch {
      throw new CliError('--params is not JSON.', exitCode.usage);
    }
    if (typeof whole !== 'object' || whole === null || Array.isArray(whole))
      throw new CliError('--params is not a JSON object.', exitCode.usage);
    Object.assign(given, whole);
  }
  for (const pair of param) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new CliError(`“${pair}” is not name=value.`, exitCode.usage);
    const text = pair.slice(equals + 1);
    try {
      given[pair.slice(0, equals)] = JSON.parse(text);
    } catch {
      given[pair.slice(0, equals)] = text;
    }
  }
  return given;
}

/** `vigiles action list` */
export async function listActions({ home, json }: ActionOptions): Promise<void> {
  const answer = await connect(homeOf(home)).get<{ actions: ActionInfo[] }>('/api/v1/actions/catalog');
  if (json) sayJson(answer);
  else say(actionsView(answer.actions));
}

/** `vigiles action plan <action> <target>`; ends with 5 when it would be refused. */
export async function planActionVerb(action: string, target: string, options: ActionOptions): Promise<void> {
  const params = readParams(options);
  const api = connect(homeOf(options.home));
  const plan = await api.send<ActionPlan>('POST', '/api/v1/actions/plan', { action, target, params });
  if (options.json) sayJson(plan);
  else say(planView(plan));
  if (plan.refusal !== null) throw new CliError('', exitCode.refused);
}

/** `vigiles action run <action> <target>`; waits for its end. */
export async function runActionVerb(action: string, target: string, options: ActionOptions): Promise<void> {
  const params = readParams(options);
  const api = connect(homeOf(options.home));
  const reason = options.reason ?? 'asked for on the command line';
  const begun = await api
    .send<ActionRun>('POST', '/api/v1/actions/run', { action, target, params, reason })
    .catch(asRefusal);
  await follow(api, begun, options);
}

/** `vigiles action show <run>` */
export async function showRun(id: string, { home, json }: ActionOptions): Promise<void> {
  const run = await connect(homeOf(home)).get<ActionRun>(pathOf(id));
  if (json) sayJson(run);
  else say(runView(run));
}

/** `vigiles action cancel|approve|undo <run>` */
export async function answerRunVerb(
  verb: 'cancel' | 'approve' | 'undo',
  id: string,
  options: ActionOptions,
): Promise<void> {
  const api = connect(homeOf(options.home));
  const run = await api.send<ActionRun>('POST', `${pathOf(id)}/${verb}`).catch(asRefusal);
  if (verb === 'approve') return follow(api, run, options);
  if (options.json) sayJson(run);
  else say(runView(run));
  const wanted = verb === 'cancel' ? 'cancelled' : 'rolled_back';
  if (run.outcome !== wanted) throw new CliError('', exitCode.notFixed);
}

const pathOf = (id: string) => `/api/v1/actions/runs/${encodeURIComponent(id)}`;

/** Ends with 5 where a run was refused. */
export function asRefusal(thrown: unknown): never {
  const { code, message } = thrown as { code?: string; message: string };
  if (code === 'action_refused' || code === 'action_busy' || code === 'approval_by_another')
    throw new CliError(message, exitCode.refused);
  throw thrown;
}

const pollMs = 250;

/** Tells each step of a run until it ends, and ends as it did. An approval is not waited for. */
export async function follow(
  api: Api,
  begun: ActionRun,
  { json, wait = true }: ActionOptions,
): Promise<void> {
  let run = begun;
  let told = '';
  const tell = () => {
    const line = stepLine(run);
    if (!json && line !== told) say(line);
    told = line;
  };
  if (!json) say(runLine(run));
  // The answer to an approval still has the state before it.
  const unapproved = () => run.state === 'awaiting_approval' && run.approved_by === null;
  const waits = () => wait && run.state !== 'finished' && !unapproved();
  while (waits()) {
    tell();
    await pause(pollMs);
    run = await api.get<ActionRun>(pathOf(run.id));
  }
  if (json) sayJson(run);
  else {
    tell();
    if (unapproved()) say(`Approve it with: vigiles action approve ${run.id}`);
  }
  if (run.state === 'finished' && run.outcome !== 'fixed') {
    // What repairs nothing (an alert, a script on no service) cannot be verified: that is no failure.
    if (run.outcome === 'unknown') return;
    throw new CliError('', exitCode.notFixed);
  }
}
