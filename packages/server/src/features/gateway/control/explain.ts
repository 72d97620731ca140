import type { RouteDecision, Turn, TurnExplanation } from '@vigiles/contract';

/** Puts a turn's recorded decision, or what its row alone says, into an explanation. */
export function explainTurn(turn: Turn, recorded: RouteDecision | null): TurnExplanation {
  const decision = recorded ?? fromRow(turn);
  return { turn_id: turn.id, plain: recorded === null, ...decision, story: storyOf(turn, decision) };
}

/** One place to go and at most one attempt: nothing was recorded, because the row has it all. */
function fromRow(turn: Turn): RouteDecision {
  const { provider, model } = turn;
  const went = turn.attempts > 0;
  return {
    why: 'unknown',
    route: null,
    strategy: 'ordered',
    decided_at: turn.ts,
    draw: null,
    task: {
      privacy: 'internal',
      workspace: turn.workspace,
      intent: null,
      tags: [],
      route: null,
      needs: null,
      input_tokens: null,
    },
    secrets: null,
    candidates:
      provider === ''
        ? []
        : [
            {
              provider,
              model,
              side: null,
              weight: 1,
              score: 0,
              latency_ms: null,
              failures: 0,
              cooling_until: null,
              rejected: null,
            },
          ],
    attempts: went
      ? [
          {
            provider,
            model,
            started_ms: 0,
            latency_ms: turn.latency_ms,
            outcome: OUTCOMES[turn.outcome],
            cause: null,
            status: turn.status,
            message: turn.error_message,
          },
        ]
      : [],
  };
}

const OUTCOMES = {
  ok: 'ok',
  client_aborted: 'aborted',
  gateway_error: 'aborted',
  upstream_error: 'failed',
  rejected: 'refused',
} as const;

const WHY = {
  route: 'a route matches',
  prefix: 'the name has its provider’s prefix',
  listed: 'a provider lists it',
  default: 'the default provider takes what nobody else names',
  auto: 'it is `auto`',
  unknown: 'there was one place to go',
} as const;

/** How a choice was made, in sentences. */
export function tellDecision(asked: string, decision: RouteDecision): string[] {
  const story = [`\`${asked}\` was asked for: ${WHY[decision.why]}${routeName(decision)}.`];
  const { privacy, tags, route } = decision.task;
  const said = [
    ...(privacy === 'internal' ? [] : [`privacy ${privacy}`]),
    ...(tags.length > 0 ? [`tags ${tags.join(', ')}`] : []),
    ...(route === null ? [] : [`route ${route}`]),
  ];
  if (said.length > 0) story.push(`The turn says: ${said.join('; ')}.`);
  if (decision.secrets && decision.secrets.length > 0) {
    story.push(`Found in the prompt: ${decision.secrets.map(({ pattern }) => pattern).join(', ')}.`);
  }
  for (const { provider, model, rejected } of decision.candidates) {
    if (rejected) story.push(`${provider}/${model} was passed over: ${rejected.detail}.`);
  }
  return story;
}

function storyOf(turn: Turn, decision: RouteDecision): string[] {
  const story = tellDecision(turn.model_requested, decision);
  for (const { provider, model, outcome, cause, status, latency_ms, message } of decision.attempts) {
    const end = outcome === 'ok' ? 'answered' : `${outcome}${cause ? ` (${cause})` : ''}`;
    const how = status === null ? '' : ` with ${status}`;
    story.push(
      `${provider}/${model} ${end}${how} after ${Math.round(latency_ms)} ms${message ? `: ${message}` : ''}.`,
    );
  }
  if (decision.attempts.length === 0)
    story.push(`It was sent nowhere: ${turn.error_message ?? turn.outcome}.`);
  return story;
}

const routeName = ({ route, strategy }: RouteDecision): string =>
  route === null ? '' : ` (\`${route}\`, ${strategy})`;
