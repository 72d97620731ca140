import { protocols, type WireError } from '@vigiles/wire';
import { scanJsonObject } from '../core/scan-json.ts';
import type { AnswerSink, AttemptHost } from './answer-sink.ts';
import { gatewayError } from './send-error.ts';
import type { Turn } from './turn.ts';

/** Largest answer that is held to be read; longer ones are refused. */
export const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

const WANTED = new Set(['usage', 'usageMetadata', 'error']);

/**
 * A whole answer in the client's own protocol. It is held until complete — the client can do nothing with half of a JSON
 * text — so that a page of HTML, nothing at all, or an error behind status 200 never looks like an answer.
 */
export class PassWhole implements AnswerSink {
  readonly #turn: Turn;
  readonly #host: AttemptHost;
  readonly #status: number;
  readonly #headers: string[];
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(turn: Turn, host: AttemptHost, status: number, headers: string[]) {
    this.#turn = turn;
    this.#host = host;
    this.#status = status;
    this.#headers = headers;
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
    const turn = this.#turn;
    const body = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    const spans = scanJsonObject(body, WANTED);
    if (typeof spans === 'string') {
      this.#host.refused(notAnAnswer(body));
      return;
    }
    const error = spans.get('error');
    if (error && body.toString('utf8', error.start, error.end) !== 'null') {
      const parsed = parse(body);
      this.#host.refused(protocols[turn.client].decodeError(this.#status, {}, parsed));
      return;
    }
    const usage = spans.get('usage') ?? spans.get('usageMetadata');
    if (usage) {
      const raw = parse(body, usage.start, usage.end);
      turn.usage = protocols[turn.client].readUsage({ usage: raw, usageMetadata: raw });
    }
    turn.firstContent();
    this.#headers.push('content-length', String(body.length));
    turn.res.writeHead(this.#status, this.#headers);
    turn.res.endWhole(body);
    turn.settle('ok', this.#status, undefined);
  }

  broken(error: WireError): void {
    this.#host.refused(error);
  }

  beat(): void {}

  abandon(): void {}
}

function parse(bytes: Buffer, start = 0, end = bytes.length): unknown {
  try {
    return JSON.parse(bytes.toString('utf8', start, end));
  } catch {
    return undefined;
  }
}

export const answerTooLarge = (): WireError =>
  gatewayError('server', `The provider's answer is larger than ${MAX_ANSWER_BYTES} bytes.`);

/** Status 200 with something that is no answer: a login page, a proxy's notice, nothing. */
export function notAnAnswer(body: Buffer): WireError {
  const start = body.toString('utf8', 0, Math.min(body.length, 200)).trim();
  const what =
    start === '' ? 'an empty body' : start.startsWith('<') ? 'an HTML page' : 'something that is not JSON';
  return {
    kind: 'server',
    code: 'bad_upstream_answer',
    message: `The provider answered 200 with ${what} instead of an answer.`,
    source: 'upstream',
    status: 502,
  };
}
