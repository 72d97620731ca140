import type { WireError } from '@vigiles/wire';
import { joinItems } from '../core/response-head.ts';
import type { GatewayCore } from '../gateway-core.ts';
import { gatewayError } from '../turn/send-error.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { KeptResponse } from './response-store.ts';

/** Everything that came before a follow-up. */
export interface History {
  /** The answer from which on the gateway knows no items: its provider keeps what came before. */
  root: KeptResponse | null;
  /** Items since then, input and output in order: insides of JSON arrays. */
  items: Buffer[];
}

const COMPACTION = Buffer.from('{"type":"compaction"');

/** The items of an answer and of all it followed. */
export function historyOf(last: KeptResponse): History {
  const items: Buffer[] = [];
  let at: KeptResponse | null = last;
  for (; at && at.issuer === null; at = at.parent) {
    items.unshift(at.output);
    // It stands for everything before it.
    if (at.output.includes(COMPACTION)) return { root: null, items };
    items.unshift(at.input);
  }
  return { root: at, items };
}

/** `input` of a follow-up as a JSON array. */
export const expandedInput = (history: History, own: Buffer): Buffer =>
  Buffer.concat([Buffer.from('['), joinItems([...history.items, own]), Buffer.from(']')]);

/** Whether a provider keeps what it answers to Responses requests. */
export const keepsItself = (upstream: Upstream): boolean =>
  upstream.type.keepsResponses === true &&
  upstream.protocols.some(({ protocol }) => protocol === 'openai-responses');

/** Only the issuer can go on from an answer it keeps itself. */
export function issuerOf(
  core: GatewayCore,
  root: KeptResponse,
  model: string,
): { upstream: Upstream; model: string } | WireError {
  const plan = core.table.plan(model);
  if (!plan.ok) return gatewayError('not-found', plan.message, { code: 'model_not_found', param: 'model' });
  const upstream = core.table.get(plan.provider);
  if (upstream && plan.provider === root.issuer) return { upstream, model: plan.upstreamModel };
  return gatewayError(
    'invalid-request',
    `The response '${root.id}' is kept by the provider ${root.issuer ?? ''}, but the model \`${model}\` goes to ${plan.provider}, which cannot read it. Ask for a model of ${root.issuer ?? ''}, or send the history in \`input\`.`,
    { code: 'previous_response_elsewhere', param: 'previous_response_id' },
  );
}

/** An id nobody here knows. */
export function unknownResponse(core: GatewayCore, id: string, param?: string): WireError {
  const { response_ttl_s: seconds } = core.config;
  const why =
    seconds === 0
      ? 'This gateway keeps no responses (`gateway.response_ttl_s` is 0).'
      : `Responses are kept for ${seconds} seconds after their last use, by the device and the gateway process that made them.`;
  const shown = id.slice(0, 200);
  return gatewayError('not-found', `Response with id '${shown}' not found. ${why}`, {
    code: param === undefined ? 'response_not_found' : 'previous_response_not_found',
    ...(param === undefined ? {} : { param }),
  });
}
