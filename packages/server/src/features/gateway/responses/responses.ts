import type { IncomingMessage } from 'node:http';
import type { Identity } from '@vigiles/contract';
import type { WireError } from '@vigiles/wire';
import { editJsonObject, setMembers } from '../core/edit-json.ts';
import { inputItems, readResponseHead, type ResponseHead } from '../core/response-head.ts';
import type { GatewayCore } from '../gateway-core.ts';
import type { GatewayResponse } from '../serve/messages.ts';
import { runTurn } from '../turn/run-turn.ts';
import { gatewayError } from '../turn/send-error.ts';
import { Turn } from '../turn/turn.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { tapAnswer, type SeenResponse } from './answer-tap.ts';
import { runInBackground } from './background.ts';
import { answerCompaction, asSummaryRequest, compactsItself, hasTrigger } from './compaction.ts';
import { expandedInput, historyOf, issuerOf, keepsItself, unknownResponse } from './history.ts';
import { createResponseStore, type KeptResponse, type ResponseStore } from './response-store.ts';

/** A connection that keeps answers for its own use, also those that are not to be stored. */
export interface Line {
  owner: string;
  kept: KeptResponse[];
}

/** Everything about `/v1/responses` that outlives or surrounds a turn. */
export interface Responses {
  readonly store: ResponseStore;
  /** Runs one request. A request that wants nothing kept is a plain turn. */
  take(req: IncomingMessage, res: GatewayResponse, identity: Identity, body: Buffer, line?: Line): void;
  /** Answers `POST /v1/responses/compact`. */
  compact(req: IncomingMessage, res: GatewayResponse, identity: Identity, body: Buffer): void;
}

/** A request with its history in place. */
interface Prepared {
  body: Buffer;
  parent: KeptResponse | null;
  /** Its own items, a view into the client's bytes. */
  own: Buffer;
  only: Turn['only'];
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

  function run(turn: Turn): void {
    try {
      runTurn(turn);
    } catch (thrown) {
      core.log.error({ err: thrown, turn: turn.id }, 'a turn failed inside the gateway');
      const message = 'The gateway failed on this turn; its log has the cause.';
      turn.fail(gatewayError('server', message), 'gateway_error');
    }
  }

  /** Puts the history of `previous_response_id` in front of the request's own items. */
  function prepare(
    head: ResponseHead,
    body: Buffer,
    identity: Identity,
    line: Line | undefined,
  ): Prepared | WireError {
    const own = inputItems(body, head.spans.get('input'));
    const { previous } = head;
    if (previous === null) return { body, parent: null, own, only: null };
    const parent = (line && store.find(line.owner, previous)) ?? store.find(identity.deviceId, previous);
    if (!parent) return unknownResponse(core, previous, 'previous_response_id');
    if (parent.running) {
      const message = `The response '${parent.id}' is still being answered.`;
      return gatewayError('invalid-request', message, {
        code: 'response_in_progress',
        param: 'previous_response_id',
      });
    }
    const history = historyOf(parent);
    const only = history.root && issuerOf(core, history.root, head.model);
    if (only && 'kind' in only) return only;
    const edits = new Map<string, string | Buffer | null>();
    edits.set('previous_response_id', history.root ? JSON.stringify(history.root.id) : null);
    if (history.items.length > 0) edits.set('input', expandedInput(history, own));
    const expanded = editJsonObject(body, head.spans, edits);
    if (expanded.length > core.config.max_body_mb * 1024 * 1024) {
      const limit = `With its history the request is larger than ${core.config.max_body_mb} MB.`;
      return gatewayError('too-large', limit, { param: 'previous_response_id' });
    }
    return { body: expanded, parent, own, only };
  }

  function planned(model: string): Upstream | undefined {
    const plan = core.table.plan(model);
    return plan.ok ? core.table.get(plan.provider) : undefined;
  }

  /** Keeps what the turn answers, or remembers who does. */
  function keepAnswer(turn: Turn, { parent, own }: Prepared, line: Line | undefined): void {
    const { deviceId } = turn.identity;
    const elsewhere = (): boolean => turn.passed && turn.upstream !== null && keepsItself(turn.upstream);
    const owner = line?.owner ?? deviceId;
    const done = (seen: SeenResponse): void => {
      if (line === undefined && elsewhere()) return;
      const response =
        parent === null
          ? Buffer.from(seen.json)
          : setMembers(seen.json, { previous_response_id: JSON.stringify(parent.id) });
      const made = { id: seen.id, owner, parent, input: Buffer.from(own), response };
      const kept = store.keep({ ...made, output: Buffer.from(seen.output) });
      if (kept) line?.kept.push(kept);
    };
    turn.res.tap =
      line === undefined
        ? tapAnswer(done, (id) => {
            if (elsewhere() && turn.upstream) store.issued(deviceId, id, turn.upstream.id);
          })
        : tapAnswer(done);
  }

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
      if (typeof head?.request === 'object') turn.head = head.request;
      run(turn);
      return;
    }
    const refuse = (error: WireError): void => begin(req, res, identity, body).fail(error, 'rejected');
    const prepared = prepare(head, body, identity, line);
    if ('kind' in prepared) {
      refuse(prepared);
      return;
    }
    const upstream = prepared.only?.upstream ?? planned(head.model);
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
    turn.only = prepared.only;
    if (turn.body === body && typeof head.request === 'object') turn.head = head.request;
    if (line && !head.store) {
      if (prepared.parent === null) forget(line);
      keepAnswer(turn, prepared, line);
    } else if (head.store && core.config.response_ttl_s > 0) keepAnswer(turn, prepared, undefined);
    if (summary) answerCompaction(turn, { shape: 'response', users: [] });
    run(turn);
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
    take,
    compact(req, res, identity, body) {
      const head = readResponseHead(body);
      const prepared = head && prepare(head, body, identity, undefined);
      if (!head || !prepared) {
        run(begin(req, res, identity, body));
        return;
      }
      if ('kind' in prepared) {
        begin(req, res, identity, body).fail(prepared, 'rejected');
        return;
      }
      const plan = core.table.plan(head.model);
      const upstream = prepared.only?.upstream ?? (plan.ok ? core.table.get(plan.provider) : undefined);
      if (upstream && plan.ok && compactsItself(upstream, prepared.body)) {
        const turn = begin(req, res, identity, prepared.body);
        turn.only = prepared.only ?? { upstream, model: plan.upstreamModel };
        turn.pathTail = '/compact';
        run(turn);
        return;
      }
      const turn = begin(req, res, identity, asSummaryRequest(prepared.body, { stream: false }));
      turn.only = prepared.only;
      answerCompaction(turn, { shape: 'compaction', users: userMessages(prepared.body) });
      run(turn);
    },
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

/** What a compacted history keeps word for word, newest first until this many bytes. */
const MAX_USER_BYTES = 64 * 1024;

function userMessages(body: Buffer): unknown[] {
  let input: unknown;
  try {
    ({ input } = JSON.parse(body.toString()) as { input?: unknown });
  } catch {
    return [];
  }
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: text(input) }];
  const users: unknown[] = [];
  let bytes = 0;
  for (const item of (Array.isArray(input) ? input : []).toReversed()) {
    const { type = 'message', role, content } = item as Record<string, unknown>;
    if (type !== 'message' || role !== 'user') continue;
    bytes += JSON.stringify(item).length;
    if (bytes > MAX_USER_BYTES) break;
    users.unshift({
      ...(item as object),
      type: 'message',
      content: typeof content === 'string' ? text(content) : content,
    });
  }
  return users;
}

const text = (words: string): { type: string; text: string }[] => [{ type: 'input_text', text: words }];
