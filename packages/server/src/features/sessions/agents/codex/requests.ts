import type { AgentSink } from '../agent-adapter.ts';
import { rpcCodes, type RpcId, type RpcPeer } from '../channel/rpc-peer.ts';
import { fieldsOf, textOf, type Fields } from '../read.ts';
import { mapRequest, type MappedRequest } from './map-request.ts';

interface Open {
  rpcId: RpcId;
  method: string;
  request: MappedRequest;
  /** Several questions are one request: it is answered when all are. */
  sheet: { waiting: number; answers: Record<string, unknown> } | null;
}

export interface RequestBookOptions {
  sink: AgentSink;
  peer(): Pick<RpcPeer, 'respond' | 'refuse'>;
  newDecisionId(): string;
  /** An item that was told of earlier. */
  item(id: string): Fields;
  /** How many questions are open now. */
  changed(open: number): void;
}

/** What Codex asks people, from the question to its answer, or to the moment it is not wanted any more. */
export interface RequestBook {
  asked(id: RpcId, method: string, params: unknown): void;
  /** @param choice null: refused */
  answer(decisionId: string, choice: string | null): boolean;
  /** Codex has its answer, from whomever; what is still open of it is void. */
  resolved(rpcId: RpcId): void;
  /** Nothing waits any more. */
  clear(why: string): void;
}

/** More than a person could answer. */
const MAX_OPEN = 100;

export function createRequestBook(options: RequestBookOptions): RequestBook {
  const { sink, peer } = options;
  const open = new Map<string, Open>();
  const drop = (decisionId: string): void => {
    open.delete(decisionId);
    options.changed(open.size);
  };
  return {
    asked(id, method, value) {
      const params = fieldsOf(value);
      const mapped = mapRequest(method, params, options.item(textOf(params['itemId']) ?? ''));
      if (mapped === null || mapped.length === 0) {
        peer().refuse(id, rpcCodes.methodNotFound, `${method} is not offered by this client`);
        return;
      }
      if (open.size + mapped.length > MAX_OPEN) {
        peer().refuse(id, rpcCodes.overloaded, 'too many questions are open');
        return;
      }
      const sheet = method === 'item/tool/requestUserInput' ? { waiting: mapped.length, answers: {} } : null;
      for (const request of mapped) {
        const decisionId = options.newDecisionId();
        open.set(decisionId, { rpcId: id, method, request, sheet });
        const { kind, question, options: offered, context } = request;
        sink.decision({ decisionId, kind, question, options: offered, context });
      }
      options.changed(open.size);
    },
    answer(decisionId, choice) {
      const one = open.get(decisionId);
      const result = one?.request.answer(choice);
      if (!one || result === undefined) return false;
      let reply: unknown = result;
      if (one.sheet) {
        one.sheet.answers[String(one.request.context['question_id'])] = result;
        one.sheet.waiting -= 1;
        if (one.sheet.waiting > 0) {
          drop(decisionId);
          return true;
        }
        reply = { answers: one.sheet.answers };
      }
      const sent = peer().respond(one.rpcId, reply);
      drop(decisionId);
      return sent;
    },
    resolved(rpcId) {
      for (const [decisionId, one] of open) {
        if (one.rpcId !== rpcId) continue;
        sink.withdraw(decisionId, 'The agent does not wait for this answer any more.');
        drop(decisionId);
      }
    },
    clear(why) {
      for (const decisionId of open.keys()) {
        sink.withdraw(decisionId, why);
        drop(decisionId);
      }
    },
  };
}
