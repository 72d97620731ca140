import type { IncomingMessage } from 'node:http';
import type { Identity } from '@vigiles/contract';
import type { WireError } from '@vigiles/wire';
import { setMembers } from '../core/edit-json.ts';
import { readResponseHead, type ResponseHead } from '../core/response-head.ts';
import type { GatewayCore } from '../gateway-core.ts';
import type { GatewayResponse } from '../serve/messages.ts';
import { runTurn } from '../turn/run-turn.ts';
import { failInside } from '../turn/fail-inside.ts';
import { gatewayError } from '../turn/send-error.ts';
import { Turn } from '../turn/turn.ts';
import { runInBackground } from './background.ts';
import { answerCompaction, asSummaryRequest, compactsItself, hasTrigger } from './compaction.ts';
import { keepsItself } from './history.ts';
import { keepAnswer, type Line } from './keep-answer.ts';
import { placeFor, prepareRequest, type Prepared } from './prepare-request.ts';
import { createResponseStore, type ResponseStore } from './response-store.ts';
import { userMessages } from './user-messages.ts';

type Take = (
  req: IncomingMessage,
  res: GatewayResponse,
  identity: Identity,
  body: Buffer,
  line?: Line,
) => void;

/** Everything about `/v1/responses` that outlives or surrounds a turn. */
export interface Responses {
  readonly store: ResponseStore;
  /** Runs one request. A request that wants nothing kept is a plain turn. */
  readonly take: Take;
  /** Answers `POST /v1/responses/compact`. */
  readonly compact: Take;
}

const CLIENT = 'openai-responses';

export function createResponses(core: GatewayCore): Responses {
  const store = createResponseStore(
    () => core.config,
    () => core.clock.now(),
  );

  function begin(req: IncomingMessage, res: GatewayResponse, identity: Identity, body: Buffer): Turn {
    return new Turn(core, req, res, CLIENT, identity, body);
  }

  /** Runs a request so that a fault of ours is told and ends nothing else. */
  const safely =
    (handle: Take): Take =>
    (req, res, identity, body, line) => {
      try {
        handle(req, res, identity, body, line);
      } catch (thrown) {
        failInside(res.turn ?? begin(req, res, identity, body), thrown);
      }
    };

  function take(
    req: IncomingMessage,
    res: GatewayResponse,
    identity: Identity,
    body: Buffer,
    line?: Line,
  ): void {
    const head = readResponseHead(body);
    const triggered = head !== undefined && hasTrigger(body, head.spans.get('input'));
    if (!head || (isPlain(head) && !triggered && !line)) {
      const turn = begin(req, res, identity, body);
      turn.ownsBody = true;
      if (typeof head?.request === 'object') turn.head = head.request;
      runTurn(turn);
      return;
    }
    const refuse = (error: WireError): void => begin(req, res, identity, body).fail(error, 'rejected');
    const prepared = prepareRequest(core, store, head, body, identity, line);
    if ('kind' in prepared) {
      refuse(prepared);
      return;
    }
    const place = prepared.only ?? placeFor(core, head.model);
    const upstream = place?.upstream;
    if (head.conversation && !(upstream && keepsItself(upstream))) {
      refuse(gatewayError('invalid-request', NO_CONVERSATIONS, UNSUPPORTED('conversation')));
      return;
    }
    if (head.background && upstream && !keepsItself(upstream)) {
      const error = background(req, res, identity, head, prepared);
      if (error) refuse(error);
      return;
    }
    const summary = triggered && !(upstream && compactsItself(upstream, prepared.body));
    const turn = begin(req, res, identity, summary ? asSummaryRequest(prepared.body) : prepared.body);
    // What only this provider understands cannot move on to another.
    const bound = head.background || head.conversation || (triggered && !summary);
    turn.only = bound ? place : prepared.only;
    turn.follows = prepared.parent?.id ?? null;
    if (turn.body === body && typeof head.request === 'object') turn.head = head.request;
    if (line && !head.store) {
      if (prepared.parent === null) forget(line);
      keepAnswer(store, turn, prepared, line);
    } else if (head.store && core.config.response_ttl_s > 0) keepAnswer(store, turn, prepared, undefined);
    if (summary) answerCompaction(turn, { shape: 'response', users: [] });
    runTurn(turn);
  }

  function background(
    req: IncomingMessage,
    res: GatewayResponse,
    identity: Identity,
    head: ResponseHead,
    { body, parent, own, only }: Prepared,
  ): WireError | undefined {
    if (!head.store) return gatewayError('invalid-request', BACKGROUND_UNSTORED, UNSUPPORTED('background'));
    if (head.stream) return gatewayError('invalid-request', BACKGROUND_STREAM, UNSUPPORTED('stream'));
    const sent = setMembers(body, { background: null, stream: 'true' });
    const kept = { parent, input: Buffer.from(own) };
    return runInBackground({ core, store, req, res, identity, body: sent, model: head.model, only, kept });
  }

  function forget(line: Line): void {
    for (const kept of line.kept) store.drop(kept);
    line.kept = [];
  }

  return {
    store,
    take: safely(take),
    compact: safely((req, res, identity, body) => {
      const head = readResponseHead(body);
      const prepared = head && prepareRequest(core, store, head, body, identity, undefined);
      if (!head || !prepared) {
        runTurn(begin(req, res, identity, body));
        return;
      }
      if ('kind' in prepared) {
        begin(req, res, identity, body).fail(prepared, 'rejected');
        return;
      }
      const place = prepared.only ?? placeFor(core, head.model);
      if (place && compactsItself(place.upstream, prepared.body)) {
        const turn = begin(req, res, identity, prepared.body);
        turn.only = place;
        turn.pathTail = '/compact';
        runTurn(turn);
        return;
      }
      const turn = begin(req, res, identity, asSummaryRequest(prepared.body, { stream: false }));
      turn.only = prepared.only;
      answerCompaction(turn, { shape: 'compaction', users: userMessages(prepared.body) });
      runTurn(turn);
    }),
  };
}

const isPlain = ({ store, previous, background, conversation }: ResponseHead): boolean =>
  !store && previous === null && !background && !conversation;

const UNSUPPORTED = (param: string): { code: string; param: string } => ({
  code: 'unsupported_parameter',
  param,
});

const NO_CONVERSATIONS =
  'The provider of this model keeps no conversations. Use `previous_response_id`, or send the history in `input`.';
const BACKGROUND_UNSTORED = 'A background response has to be stored: leave `store` out, or set it to true.';
const BACKGROUND_STREAM =
  'The provider of this model runs nothing in the background itself, and the gateway does not stream what it runs there: leave `stream` out and read the response with GET.';
