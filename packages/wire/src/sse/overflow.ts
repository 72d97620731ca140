/** One event was larger than the parser may hold; the stream cannot be read on. */
export class SseOverflow extends Error {
  override readonly name = 'SseOverflow';
  readonly limitBytes: number;

  constructor(limitBytes: number) {
    super(`a server-sent event is larger than ${limitBytes} bytes`);
    this.limitBytes = limitBytes;
  }
}
