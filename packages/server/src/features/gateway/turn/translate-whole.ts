import {
  protocols,
  providerProtocols,
  type AnswerContext,
  type DecodeContext,
  type ProviderProtocolName,
  type TurnEvent,
  type TurnResponse,
  type WireError,
} from '@vigiles/wire';
import type { ContinuedAnswer } from './continue-answer.ts';
import type { AnswerSink, AttemptHost } from './answer-sink.ts';
import { EventStream } from './event-stream.ts';
import { collectResponse } from '../core/continue/collect-response.ts';
import { responseEvents } from '../core/response-events.ts';
import { repairedResponse } from './recover-calls.ts';
import type { Turn } from './turn.ts';
import { answerTooLarge, MAX_ANSWER_BYTES, notAnAnswer } from './whole-answer.ts';

/**
 * A provider's whole answer for a client of another protocol — or of the same one, when it asked for a stream and got
 * a JSON body: then the answer is told as a stream.
 */
export class TranslateWhole implements AnswerSink {
  readonly #turn: Turn;
  readonly #host: AttemptHost;
  readonly #protocol: ProviderProtocolName;
  readonly #context: DecodeContext;
  readonly #answer: AnswerContext;
  readonly #continued: ContinuedAnswer | undefined;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(
    turn: Turn,
    host: AttemptHost,
    protocol: ProviderProtocolName,
    context: DecodeContext,
    answer: AnswerContext,
    continued?: ContinuedAnswer,
  ) {
    this.#turn = turn;
    this.#host = host;
    this.#protocol = protocol;
    this.#context = context;
    this.#answer = answer;
    this.#continued = continued;
  }

  data(chunk: Buffer): void {
    this.#turn.heard();
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_ANSWER_BYTES) {
      this.#host.hangUp();
      this.#host.refused(answerTooLarge());
    } else this.#chunks.push(chunk);
  }

  end(): void {
    const chunks = this.#chunks;
    const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    let body: unknown;
    try {
      body = JSON.parse(bytes.toString());
    } catch {
      this.#host.refused(notAnAnswer(bytes));
      return;
    }
    const protocol = providerProtocols[this.#protocol];
    if (hasError(body)) {
      this.#host.refused(protocol.decodeError(200, {}, body));
      return;
    }
    const decoded = protocol.decodeResponse(body, this.#context);
    if (!decoded.ok) {
      this.#host.refused(decoded.error);
      return;
    }
    this.#turn.losses.push(...decoded.losses);
    this.#goOn(decoded.value);
  }

  /** Answers with the whole of it, once no part is missing. */
  #goOn(first: TurnResponse): void {
    const continued = this.#continued;
    if (!continued || first.finish !== 'length') {
      this.#answerWith(first);
      return;
    }
    const events = [...continued.push(responseEvents(first))];
    const tell = (more: readonly TurnEvent[]): void => {
      events.push(...more);
      if (events.at(-1)?.type === 'finish') this.#answerWith(collectResponse(first, events));
    };
    if (!continued.fetch({ tell, beat: () => undefined })) tell([]);
  }

  #answerWith(whole: TurnResponse): void {
    if (this.#turn.settled) return;
    const { request } = this.#answer;
    const response = repairedResponse(this.#turn, this.#protocol, request, whole);
    if (this.#turn.stream) this.#tell(response);
    else sendWhole(this.#turn, response, this.#answer);
  }

  broken(error: WireError): void {
    this.#host.refused(error);
  }

  beat(): void {}

  abandon(): void {}

  #tell(response: TurnResponse): void {
    new EventStream(this.#turn, this.#answer, (error) => this.#host.refused(error)).push(
      responseEvents(response),
    );
  }
}

function hasError(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false;
  return body.error !== null && body.error !== undefined;
}

/** Writes a canonical answer as the client's own JSON and settles. */
export function sendWhole(turn: Turn, response: TurnResponse, answer: AnswerContext): void {
  if (response.usage) turn.usage = response.usage;
  turn.firstContent();
  const text = JSON.stringify(protocols[turn.client].encodeResponse(response, answer));
  const bytes = Buffer.byteLength(text);
  const headers: Record<string, string | number> = {
    'content-type': 'application/json',
    'content-length': bytes,
    'x-vigiles-turn': turn.id,
    'x-vigiles-provider': turn.upstream?.id ?? '',
  };
  if (turn.core.draining) headers['connection'] = 'close';
  turn.res.writeHead(200, headers);
  turn.res.endWhole(text, bytes);
  turn.settle('ok', 200, undefined);
}
