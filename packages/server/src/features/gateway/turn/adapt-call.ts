import type { Loss, WireError } from '@vigiles/wire';
import { applyEdits } from '../core/adapt/apply-edits.ts';
import { asObject, type Body } from '../core/adapt/body.ts';
import { readComplaint } from '../core/adapt/complaint.ts';
import { describeEdit, editField, type Edit } from '../core/adapt/edit.ts';
import { planEdits } from '../core/adapt/plan-edits.ts';
import { readReasons } from '../core/adapt/read-reasons.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { Turn } from './turn.ts';

/** Tries after the first: a provider that still refuses then is right. */
const MAX_TRIES = 2;

/** Longest header; the turn's own record has everything. */
const MAX_HEADER = 400;

/** An edit that is on trial in this turn. */
interface Trial {
  edit: Edit;
  keep: boolean;
  /** Who refused: where the turn moved on to another, nothing is shown. */
  upstream: Upstream;
  model: string;
  reason: string;
  evidence: string;
  status: number;
}

/** What a turn's request has been through; made only when something is changed. */
export interface TurnAdapting {
  tries: number;
  /** Not yet shown to work. */
  trials: Trial[];
  changes: string[];
}

/** The body with what is known of this provider and model, or null where nothing of it applies. */
export function knownEdits(turn: Turn, body: Buffer): Buffer | null {
  const { core, upstream, upstreamProtocol } = turn;
  if (core.lessons.empty || !upstream || !upstreamProtocol) return null;
  const known = core.lessons.find(upstream.id, turn.model, upstreamProtocol, core.clock.now());
  const parsed = known.length > 0 ? parse(body) : undefined;
  if (!parsed) return null;
  const applied = applyEdits(
    parsed,
    known.map(({ edit }) => edit),
    `${upstream.id} refused it for ${turn.model} before`,
  );
  if (applied.changed.length === 0) return null;
  note(turn, applied);
  return Buffer.from(JSON.stringify(parsed));
}

/**
 * Reads a refusal and changes the request so that the provider takes it; null where it has to be passed on.
 * @param answer the refusal's body: parsed, or text
 */
export function adaptBody(turn: Turn, body: Buffer, error: WireError, answer: unknown): Buffer | null {
  const { core, upstream, upstreamProtocol: protocol } = turn;
  if (!upstream || !protocol || !isRefusal(error)) return null;
  const adapting = turn.adapting;
  if (adapting && adapting.tries >= MAX_TRIES) return null;
  const status = error.status ?? 400;
  const reasons = readReasons(readComplaint(protocol, status, error, answer));
  const parsed = reasons.length > 0 ? parse(body) : undefined;
  const planned = parsed && planEdits(reasons, parsed, protocol);
  if (!parsed || !planned) return null;
  // A new complaint about something else: what was on trial has worked.
  const fields = new Set(planned.map(({ edit }) => editField(edit)));
  if (adapting?.trials.some(({ edit }) => !fields.has(editField(edit)))) keepTrials(turn, fields);
  const applied = applyEdits(
    parsed,
    planned.map(({ edit }) => edit),
    `${upstream.id} refused it: ${core.lessons.redact(error.message).slice(0, 160)}`,
  );
  if (applied.changed.length === 0) return null;
  note(turn, applied);
  const mine = (turn.adapting ??= { tries: 0, trials: [], changes: [] });
  mine.tries += 1;
  const evidence = core.lessons.redact(error.message);
  const reason = [...new Set(reasons.map(({ type }) => type))].join(', ');
  for (const { edit, keep } of planned) {
    if (applied.changed.includes(edit))
      mine.trials.push({ edit, keep, upstream, model: turn.model, reason, evidence, status });
  }
  return Buffer.from(JSON.stringify(parsed));
}

/** The provider has answered: what was on trial is kept for the turns to come. */
export function keepTrials(turn: Turn, except?: ReadonlySet<string>): void {
  const { core, upstream, upstreamProtocol: protocol, adapting } = turn;
  if (!adapting || !upstream || !protocol) return;
  const { trials } = adapting;
  adapting.trials = except ? trials.filter(({ edit }) => except.has(editField(edit))) : [];
  for (const trial of trials) {
    if (!trial.keep || adapting.trials.includes(trial)) continue;
    const { keep: _keep, upstream: asked, ...lesson } = trial;
    if (asked !== upstream || lesson.model !== turn.model) continue;
    core.lessons.learn({ ...lesson, provider: upstream.id, protocol }, core.clock.now());
  }
}

/** Only a request that was found wrong can be put right; a provider that is busy or broken is another matter. */
const isRefusal = ({ kind, status }: WireError): boolean =>
  kind === 'invalid-request' ||
  kind === 'context-length' ||
  status === 422 ||
  (kind === 'too-large' && status === 400);

function note(turn: Turn, applied: { changed: readonly Edit[]; losses: readonly Loss[] }): void {
  turn.losses.push(...applied.losses);
  const mine = (turn.adapting ??= { tries: 0, trials: [], changes: [] });
  mine.changes.push(...applied.changed.map(describeEdit));
  if (turn.res.headersSent) return;
  const header = mine.changes.join(', ');
  turn.res.setHeader(
    'x-vigiles-adapted',
    header.length > MAX_HEADER ? `${header.slice(0, MAX_HEADER)}...` : header,
  );
}

function parse(body: Buffer): Body | undefined {
  try {
    return asObject(JSON.parse(body.toString()));
  } catch {
    return undefined;
  }
}
