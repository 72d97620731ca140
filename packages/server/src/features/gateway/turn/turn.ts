import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Identity, LiveTurn, RouteAttempt, Synthesis, TurnOutcome } from '@vigiles/contract';
import type {
  FaultSignal,
  Loss,
  ProtocolName,
  ProviderProtocolName,
  Repair,
  Usage,
  WireError,
} from '@vigiles/wire';
import { sumUsage } from '../core/continue/join-usage.ts';
import { costMicros as priceOf, type ModelRates } from '../core/cost.ts';
import type { Grant, Used } from '../core/gate.ts';
import type { HealthEntry } from '../core/health/health-entry.ts';
import type { RequestHead } from '../core/request-head.ts';
import type { Candidate, RouteMap } from '../core/route/plan-route.ts';
import { NO_WORDS, type TaskWords } from '../core/route/task.ts';
import { oneHeader } from '../core/upstream-headers.ts';
import type { GatewayCore } from '../gateway-core.ts';
import type { GatewayResponse } from '../serve/messages.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { UpstreamCall } from './attempt.ts';
import { keepTrials, type TurnAdapting } from './adapt-call.ts';
import type { Step } from './choose.ts';
import { startRecording, type Recording } from './recording.ts';
import type { ContinuedParts } from './continue-answer.ts';
import { noteEnd, noteNoRoute } from './outcome.ts';
import type { TurnRouting } from './routing.ts';
import { gatewayError, sendError } from './send-error.ts';
import { turnRow } from './turn-row.ts';

/** What a turn is doing now; the idle watch and a leaving client reach it through this. */
export interface Activity {
  /** Ends it at once. Nothing may be written afterwards. */
  abort(): void;
  /** The client reads again. */
  resume(): void;
  pause(): void;
  /** The clock ticked: send a heartbeat or give up, if it is time. */
  tick(monotonicMs: number): void;
}

/**
 * One turn, from admission to its ledger row. It is settled exactly once, whatever happens: answered, failed,
 * refused, or left by its client.
 */
export class Turn {
  readonly core: GatewayCore;
  readonly req: IncomingMessage;
  readonly res: GatewayResponse;
  readonly client: ProtocolName;
  readonly identity: Identity;
  readonly id: string;
  readonly sessionId: string | null;
  readonly workspace: string | null;
  readonly startedAt: number;
  readonly startedMono: number;

  body: Buffer;
  /** Set before the turn runs: nobody else has its body, whose memory goes back as soon as the turn needs it no more. */
  ownsBody = false;
  /** Set before the turn runs: only this provider may answer it, under this model name. */
  only: { upstream: Upstream; model: string } | null = null;
  /** Set before the turn runs: the response it follows, whose history stands in its body. */
  follows: string | null = null;
  /** What the ledger calls it where it is no turn of the client's protocol (embeddings, images, audio). */
  surface: string | null = null;
  /** What is known of the request before the turn runs; null: it is read from the body. */
  head: RequestHead | null = null;
  /** Makes the call, where it is none of the client's protocol. */
  makeCall: ((turn: Turn, upstream: Upstream) => UpstreamCall) | null = null;
  /** Put behind the path of a call that passes through (`/compact`). */
  pathTail = '';
  /** The provider's answer passes through as it is. */
  passed = false;
  modelRequested = '';
  model = '';
  stream = false;
  /** Where its model may go, and what it says of itself. */
  map: RouteMap | null = null;
  words: TaskWords = NO_WORDS;
  /** Made only where there is something to choose. */
  routing: TurnRouting | null = null;
  /** Takes the turn on where its call is not simply sent again. */
  moveOn: ((turn: Turn, step: Step) => void) | null = null;
  /** Where it was sent last. */
  candidate: Candidate | null = null;
  health: HealthEntry | null = null;
  upstream: Upstream | null = null;
  upstreamProtocol: ProviderProtocolName | null = null;
  rates: ModelRates | null = null;
  maxOutputTokens: number | undefined;
  /** What it holds of limits and budgets; null: nothing yet, or no longer. */
  grant: Grant | null = null;
  /** What attempts at other providers cost, which are settled already. */
  earlierMicros = 0;
  /** Where it stands among the live ones. */
  place = 0;

  phase: LiveTurn['phase'] = 'connecting';
  attempts = 0;
  /** An attempt is under way that has not been judged; when it was sent, monotonic. */
  trying = false;
  sentAt = 0;
  /** The system’s code where the connection of this attempt failed. */
  errno: string | null = null;
  /** The call was sent again because its pooled connection was closed. */
  resent = false;
  /** Attempts so far, once one has failed or there was a choice. */
  attemptLog: RouteAttempt[] | null = null;
  ttftMs: number | null = null;
  outputChars = 0;
  usage: Usage | undefined;
  losses: Loss[] = [];
  repairs: readonly Repair[] = [];
  signals: readonly FaultSignal[] = [];
  synthesis: Synthesis | null = null;

  /** What was changed in its request because the provider refused it; null nearly always. */
  adapting: TurnAdapting | null = null;

  /** How the parts of its answer were joined, and what each of them used; null nearly always. */
  continued: ContinuedParts | null = null;

  /** A copy of what is said, where it is kept; null by default. */
  recording: Recording | null = null;

  activity: Activity | null = null;
  /** Monotonic time of the last parsed event, and of the last byte written. */
  heardAt: number;
  wroteAt: number;
  paused = false;
  settled = false;

  constructor(
    core: GatewayCore,
    req: IncomingMessage,
    res: GatewayResponse,
    client: ProtocolName,
    identity: Identity,
    body: Buffer,
  ) {
    this.core = core;
    this.req = req;
    this.res = res;
    this.client = client;
    this.identity = identity;
    this.body = body;
    this.id = core.newId('trn');
    this.sessionId = sessionOf(req);
    this.workspace = workspaceOf(req);
    this.startedAt = core.clock.now();
    this.startedMono = this.heardAt = this.wroteAt = core.clock.monotonic();
    res.turn = this;
    core.live.add(this);
    if (core.config.store_prompts !== 'off') startRecording(this);
    res.on('close', onClose);
  }

  /** The provider said something that counts. */
  heard(): void {
    this.heardAt = this.core.clock.monotonic();
  }

  firstContent(): void {
    this.ttftMs ??= this.core.clock.monotonic() - this.startedMono;
    this.phase = 'streaming';
    if (this.adapting) keepTrials(this);
  }

  /** Writes to the client. */
  write(data: Uint8Array | string): void {
    if (this.settled) return;
    this.wroteAt = this.core.clock.monotonic();
    this.res.writePiece(data);
  }

  /** The client does not keep up: the provider pauses until it does. */
  behind(socket: Socket): void {
    if (this.settled || this.paused) return;
    this.paused = true;
    this.activity?.pause();
    socket.once('drain', () => this.resume());
  }

  resume(): void {
    if (this.settled) return;
    this.paused = false;
    this.heard();
    this.activity?.resume();
  }

  /** Answers with an error in the client's envelope, where nothing was sent yet, and settles. */
  fail(error: WireError, outcome: TurnOutcome): void {
    if (this.settled) return;
    if (!this.res.headersSent) this.res.setHeader('x-vigiles-turn', this.id);
    const status = sendError(this.res, this.client, error, this.core.draining);
    this.settle(outcome, status, error);
  }

  /** The client has left: the provider is told at once, and what was used so far is counted. */
  clientGone(): void {
    if (this.settled) return;
    this.activity?.abort();
    this.settle('client_aborted', 499, undefined);
  }

  /** The process leaves and can wait no longer. */
  cut(): void {
    if (this.settled) return;
    this.activity?.abort();
    const error = gatewayError('overloaded', 'The gateway was stopped in the middle of this turn.', {
      code: 'gateway_stopped',
    });
    const status = this.res.headersSent ? this.res.statusCode : 503;
    this.settle('gateway_error', status, error);
    this.res.destroy();
  }

  /** Whoever asked may ask no more: nothing is answered and spent from now on. */
  revoke(): void {
    if (this.settled) return;
    this.activity?.abort();
    const error = gatewayError('auth', 'The token of this turn was revoked.', { code: 'invalid_api_key' });
    if (!this.res.headersSent) return this.fail(error, 'rejected');
    this.settle('rejected', this.res.statusCode, error);
    this.res.destroy();
    return undefined;
  }

  settle(outcome: TurnOutcome, status: number, error: WireError | undefined): void {
    if (this.settled) return;
    this.settled = true;
    this.activity = null;
    noteEnd(this, outcome, status, error);
    if (this.routing?.exhausted) noteNoRoute(this, status, error);
    this.recording?.keep(this);
    this.body = NOTHING;
    const parts = this.continued && this.continued.usages.length > 0 ? this.continued : null;
    // Parts that went before were settled when their next one was allowed.
    if (parts) this.usage = sumUsage(parts.usages.slice(parts.settled));
    const { core, usage } = this;
    core.live.delete(this);
    const now = core.clock.now();
    const cost = usage && this.rates ? priceOf(usage, this.rates) : null;
    const used = this.used(outcome);
    this.grant?.settle(used, now);
    this.grant = null;
    if (parts) this.usage = sumUsage(parts.usages);
    const unsent = outcome !== 'ok' && !usage && this.outputChars === 0 && outcome !== 'client_aborted';
    const failed = outcome !== 'ok' && outcome !== 'client_aborted';
    core.recent.add(now, failed, usage?.inputTokens ?? 0, usage?.outputTokens ?? 0);
    const known = unsent ? 0 : freeOr(cost, this.rates);
    const costMicros = known === null ? null : known + this.earlierMicros;
    const countedMicros = used.micros + this.earlierMicros;
    core.ledger.push(turnRow(this, { outcome, status, error, costMicros, countedMicros }));
  }

  /**
   * What this attempt used. Providers bill answers whose usage they never reported: there limits and budgets count a guess,
   * and the ledger says unknown.
   */
  used(outcome?: TurnOutcome): Used {
    const { usage, rates } = this;
    if (usage) {
      const tokens = usage.inputTokens + usage.outputTokens;
      return { micros: rates ? priceOf(usage, rates) : 0, tokens };
    }
    if (this.outputChars === 0 && outcome !== 'ok') return { micros: 0, tokens: 0 };
    const outputTokens = Math.ceil(this.outputChars / 4);
    const micros = rates ? priceOf({ inputTokens: 0, outputTokens }, rates) + this.inputGuessMicros : 0;
    return { micros, tokens: outputTokens + this.inputGuessTokens };
  }

  /** The input and its price as they were estimated when the turn was admitted. */
  inputGuessMicros = 0;
  inputGuessTokens = 0;
}

const NOTHING = Buffer.alloc(0);

/** What is free costs nothing even when nobody counted its tokens. */
function freeOr(cost: number | null, rates: ModelRates | null): number | null {
  if (cost !== null) return cost;
  return rates && rates.input === 0 && rates.output === 0 ? 0 : null;
}

function onClose(this: GatewayResponse): void {
  this.turn?.clientGone();
}

/** Longest name of a workspace that is kept. */
const MAX_WORKSPACE = 64;

function workspaceOf(req: IncomingMessage): string | null {
  const named = req.headers['x-vigiles-workspace'];
  return typeof named === 'string' && named !== '' ? named.slice(0, MAX_WORKSPACE) : null;
}

/** Agents that we started carry our own session's id; Codex sends `session-id`, Claude Code its own, others what they like. */
function sessionOf(req: IncomingMessage): string | null {
  const headers = req.headers;
  const found =
    oneHeader(headers, 'x-vigiles-session') ??
    oneHeader(headers, 'session-id') ??
    oneHeader(headers, 'session_id') ??
    oneHeader(headers, 'x-claude-code-session-id') ??
    oneHeader(headers, 'x-session-id');
  return found === undefined || found === '' ? null : found.slice(0, 200);
}
