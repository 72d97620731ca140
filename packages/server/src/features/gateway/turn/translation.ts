import {
  protocols,
  providerProtocols,
  type AnswerContext,
  type DecodeContext,
  type EncodedRequest,
  type ProviderProtocolName,
  type TurnRequest,
  type WireError,
} from '@vigiles/wire';
import type { Upstream } from '../upstream/upstream.ts';
import { spokenTo } from './provider-request.ts';
import { gatewayError } from './send-error.ts';
import type { Turn } from './turn.ts';

/** A decoded request with what is needed to write its answer in the client's protocol. */
export interface Translation {
  request: TurnRequest;
  answer: AnswerContext;
}

/** Decodes the client's request; a wire error says what is wrong and where. */
export function decodeTurn(turn: Turn, issuer: string): Translation | WireError {
  let body: unknown;
  try {
    body = JSON.parse(turn.body.toString());
  } catch (thrown) {
    return gatewayError(
      'invalid-request',
      `The request body is not valid JSON: ${(thrown as Error).message}.`,
    );
  }
  const decoded = protocols[turn.client].decodeRequest(body);
  if (!decoded.ok) return decoded.error;
  turn.losses.push(...decoded.losses);
  const { core, follows } = turn;
  if (follows !== null) decoded.value.echo = { ...decoded.value.echo, previous_response_id: follows };
  return {
    request: decoded.value,
    answer: {
      model: turn.modelRequested,
      issuer,
      newId: core.newId,
      nowSeconds: () => Math.floor(core.clock.now() / 1000),
      request: decoded.value,
    },
  };
}

/** Encodes the request for a provider of another protocol. */
export function encodeTurn(
  turn: Turn,
  translation: Translation,
  upstream: Upstream,
  protocol: ProviderProtocolName,
): EncodedRequest {
  const encoded = encodePart(turn, translation.request, upstream, protocol);
  turn.losses.push(...encoded.losses);
  return encoded;
}

/** The same for a later part of an answer: what is lost was told with the first. */
export function encodePart(
  turn: Turn,
  request: TurnRequest,
  upstream: Upstream,
  protocol: ProviderProtocolName,
): EncodedRequest {
  return providerProtocols[protocol].encodeRequest(request, {
    model: turn.model,
    issuer: upstream.id,
    quirks: upstream.quirks(turn.model),
    ownFields: protocol === turn.client && !spokenTo(upstream, protocol, turn.model)?.strict,
  });
}

/** What the decoders of the provider's answer need. */
export function decodeContext(turn: Turn, upstream: Upstream, encoded: EncodedRequest): DecodeContext {
  const { core } = turn;
  return {
    names: encoded.names,
    ...(encoded.echo !== undefined && { echo: encoded.echo }),
    issuer: upstream.id,
    newId: core.newId,
    nowSeconds: () => Math.floor(core.clock.now() / 1000),
  };
}
