import type { Identity } from '@vigiles/contract';
import type { WireError } from '@vigiles/wire';
import { editJsonObject } from '../core/edit-json.ts';
import { inputItems, type ResponseHead } from '../core/response-head.ts';
import type { GatewayCore } from '../gateway-core.ts';
import { gatewayError } from '../turn/send-error.ts';
import type { Turn } from '../turn/turn.ts';
import { expandedInput, historyOf, issuerOf, keepsItself, unknownResponse } from './history.ts';
import { hasReferences, resolveReferences } from './item-references.ts';
import type { Line } from './keep-answer.ts';
import type { KeptResponse, ResponseStore } from './response-store.ts';

/** A request with its history in place. */
export interface Prepared {
  body: Buffer;
  parent: KeptResponse | null;
  /** Its own items, a view into the client's bytes. */
  own: Buffer;
  only: Turn['only'];
}

const NO_HISTORY = { root: null, items: [] };

/** Puts the history of `previous_response_id` in front of the request's own items. */
export function prepareRequest(
  core: GatewayCore,
  store: ResponseStore,
  head: ResponseHead,
  body: Buffer,
  identity: Identity,
  line: Line | undefined,
): Prepared | WireError {
  const given = inputItems(body, head.spans.get('input'));
  const own = referred(core, store, head, given, identity);
  if ('kind' in own) return own;
  const edits = new Map<string, string | Buffer | null>();
  if (own !== given) edits.set('input', expandedInput(NO_HISTORY, own));
  const { previous } = head;
  if (previous === null) {
    const sent = own === given ? body : editJsonObject(body, head.spans, edits);
    return { body: sent, parent: null, own, only: null };
  }
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
  edits.set('previous_response_id', history.root ? JSON.stringify(history.root.id) : null);
  if (history.items.length > 0) edits.set('input', expandedInput(history, own));
  const expanded = editJsonObject(body, head.spans, edits);
  if (expanded.length > core.config.max_body_mb * 1024 * 1024) {
    const limit = `With its history the request is larger than ${core.config.max_body_mb} MB.`;
    return gatewayError('too-large', limit, { param: 'previous_response_id' });
  }
  return { body: expanded, parent, own, only };
}

/** The request's own items; those it only names are put in where the provider would not know them. */
function referred(
  core: GatewayCore,
  store: ResponseStore,
  head: ResponseHead,
  own: Buffer,
  { deviceId }: Identity,
): Buffer | WireError {
  if (!head.store || !hasReferences(own)) return own;
  const place = placeFor(core, head.model);
  return place && keepsItself(place.upstream) ? own : resolveReferences(store, deviceId, own);
}

/** Where a model's requests go first. */
export function placeFor(core: GatewayCore, model: string): NonNullable<Turn['only']> | null {
  const plan = core.table.plan(model);
  const upstream = plan.ok ? core.table.get(plan.provider) : undefined;
  return plan.ok && upstream ? { upstream, model: plan.upstreamModel } : null;
}
