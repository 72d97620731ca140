import type { WireError } from '@vigiles/wire';
import { estimateMicros, estimateTokens } from '../core/cost.ts';
import type { Claim, Grant, Refusal, Verdict } from '../core/gate.ts';
import { refusalError, refusalHeaders } from './refusal.ts';
import type { Turn } from './turn.ts';

const NOTHING_USED = { micros: 0, tokens: 0 };

/**
 * Reserves money and limits for sending the turn to `turn.upstream` as `turn.model`. Call it again after either has changed:
 * what the turn held is given back first, and what an earlier attempt used is counted. A promise only where
 * Redis counts for several gateways.
 * @returns null when it may be sent, else the error to answer with
 */
export function reserveTurn(turn: Turn): WireError | null | Promise<WireError | null> {
  const { core, upstream } = turn;
  if (!upstream) return null;
  const now = core.clock.now();
  if (turn.grant) giveBack(turn, turn.grant, now);
  turn.rates = upstream.facts(turn.model).rates;
  turn.inputGuessTokens = estimateTokens(turn.body.length, 0);
  turn.inputGuessMicros = turn.rates ? estimateMicros(turn.body.length, 0, turn.rates) : 0;
  const claim: Claim = {
    deviceId: turn.identity.deviceId,
    workspace: turn.workspace,
    provider: upstream.id,
    model: turn.model,
    modelRequested: turn.modelRequested,
    micros: turn.rates ? estimateMicros(turn.body.length, turn.maxOutputTokens, turn.rates) : 0,
    tokens: estimateTokens(turn.body.length, turn.maxOutputTokens),
  };
  const verdict = core.gate.take(claim, now);
  return verdict instanceof Promise ? verdict.then((later) => judged(turn, later)) : judged(turn, verdict);
}

function judged(turn: Turn, verdict: Verdict): WireError | null {
  if (!verdict.ok) return refused(turn, verdict);
  // Its client left while Redis was asked.
  if (turn.settled) verdict.undo(turn.core.clock.now());
  else turn.grant = verdict;
  return null;
}

function refused(turn: Turn, refusal: Refusal): WireError {
  // A part of an answer that cannot be paid for is no refusal: the answer ends there.
  if (!turn.res.headersSent && !turn.continued)
    for (const [name, value] of refusalHeaders(refusal)) turn.res.setHeader(name, value);
  return refusalError(refusal);
}

/** Another provider is tried: what this one was asked for stays counted where it was spent. */
function giveBack(turn: Turn, grant: Grant, now: number): void {
  turn.grant = null;
  const used = turn.usage ? turn.used() : NOTHING_USED;
  if (used.micros === 0 && used.tokens === 0) grant.undo(now);
  else grant.settle(used, now);
  turn.earlierMicros += used.micros;
  turn.usage = undefined;
}
