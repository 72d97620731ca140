import type { Decision, Device } from '@vigiles/contract';
import { ApiError, connect, type Api } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { clean } from '../output/clean.ts';
import { note, say, sayJson } from '../output/print.ts';
import { decisionPath, findDecision, findSession, pendingDecisions } from './find-session.ts';

interface Options {
  home?: string;
  json?: boolean;
}

/** A device by its name, where it can be asked. */
async function whoIs(api: Api, actor: string): Promise<string> {
  const id = actor.replace(/^device:/, '');
  if (id === actor) return actor;
  const { devices } = await api
    .get<{ devices: Device[] }>('/api/v1/devices')
    .catch(() => ({ devices: [] as Device[] }));
  return devices.find((device) => device.id === id)?.name ?? id;
}

/** How it ended, for whoever comes too late. */
async function outcomeText(api: Api, { resolution }: Decision): Promise<string> {
  if (!resolution) return 'It is still waiting.';
  const { source, choice, by, at } = resolution;
  const when = new Date(at).toISOString();
  const chosen = choice === null ? '' : `: "${choice}"`;
  if (source === 'operator') return `Answered by ${await whoIs(api, by)} at ${when}${chosen}.`;
  if (source === 'default') return `Nobody answered until ${when}; the default counts${chosen}.`;
  if (source === 'expired') return `It expired at ${when}${chosen}.`;
  return `It was taken back at ${when}: ${resolution.note}`;
}

function questionText({ decision_id, question, options, expires_at }: Decision): string {
  const until = expires_at === null ? '' : `  (until ${new Date(expires_at).toISOString()})`;
  const answers = options.length === 0 ? 'any text' : options.map(({ id }) => `"${id}"`).join(' ');
  return [`${decision_id}${until}`, `  ${question.split('\n').join('\n  ')}`, `  answers: ${answers}`]
    .map(clean)
    .join('\n');
}

/** What a refusal of the API means here; another decision than ours says who was faster. */
async function refusal(api: Api, thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof ApiError) || (thrown.status !== 409 && thrown.code !== 'invalid_choice'))
    return thrown;
  const { details } = (thrown.body ?? {}) as { details?: { decision?: Decision } };
  const decided = details?.decision?.resolution ? await outcomeText(api, details.decision) : null;
  return new CliError(clean(decided ?? thrown.message), exitCode.refused);
}

/** `vigiles session decide <session> [decision] [choice]`: without an answer it shows what is asked. */
export async function decideVerb(
  id: string,
  decision: string | undefined,
  choice: string | undefined,
  { home, json, note: words }: Options & { note?: string },
): Promise<void> {
  const api = connect(homeOf(home));
  const { session_id: sessionId } = await findSession(api, id);
  if (decision === undefined) {
    const pending = await pendingDecisions(api, sessionId);
    if (json) return sayJson({ decisions: pending });
    return say(pending.length === 0 ? 'It asks nothing.' : pending.map(questionText).join('\n\n'));
  }
  const asked = await findDecision(api, sessionId, decision);
  if (choice === undefined) {
    if (json) return sayJson(asked);
    say(asked.state === 'pending' ? questionText(asked) : await outcomeText(api, asked));
    return undefined;
  }
  try {
    const answered = await api.send<Decision>(
      'POST',
      `${decisionPath(sessionId, asked.decision_id)}/answer`,
      {
        choice,
        ...(words === undefined ? {} : { note: words }),
      },
    );
    if (json) return sayJson(answered);
    return say(clean(`Decided: "${choice}".`));
  } catch (thrown) {
    throw await refusal(api, thrown);
  }
}

/** `vigiles session extend <session> <decision>` */
export async function extendVerb(
  id: string,
  decision: string,
  { home, json, seconds }: Options & { seconds: number },
): Promise<void> {
  const api = connect(homeOf(home));
  const { session_id: sessionId } = await findSession(api, id);
  const asked = await findDecision(api, sessionId, decision);
  try {
    const path = `${decisionPath(sessionId, asked.decision_id)}/extend`;
    const extended = await api.send<Decision>('POST', path, { seconds });
    if (json) return sayJson(extended);
    if (extended.expires_at !== null) say(`It waits until ${new Date(extended.expires_at).toISOString()}.`);
    note(`Answer it: vigiles session decide ${sessionId} ${asked.decision_id} CHOICE`);
    return undefined;
  } catch (thrown) {
    throw await refusal(api, thrown);
  }
}
