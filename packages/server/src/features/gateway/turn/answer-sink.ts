import type { WireError } from '@vigiles/wire';

/** Takes one provider answer and carries it to the client. Made when its head has arrived. */
export interface AnswerSink {
  data(chunk: Buffer): void;
  /** The provider closed the answer in order. */
  end(): void;
  /** The connection broke, or the provider was silent for too long. */
  broken(error: WireError): void;
  /** The coarse clock: send a heartbeat when nothing was written for a while. */
  beat(monotonicMs: number): void;
  /** The client has left: note the usage seen so far. */
  abandon(): void;
}

/** What a sink asks of the attempt it belongs to. */
export interface AttemptHost {
  /** Nothing has reached the client: try again, or answer with this error. */
  refused(error: WireError): void;
  /** Ends the connection to the provider; nothing more will come. */
  hangUp(): void;
}
