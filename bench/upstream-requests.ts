/** A request as it came in. */
export interface ReceivedRequest {
  method: string;
  path: string;
  body: Buffer;
}

const headEnd = Buffer.from('\r\n\r\n');
const chunkedEnd = Buffer.from('\r\n0\r\n\r\n');
const nothing = Buffer.alloc(0);

/**
 * Reads the requests of one HTTP/1.1 connection, one after another. It understands bodies with Content-Length and chunked ones, which
 * it leaves in their chunks: what is looked for in them is shorter than a chunk.
 */
export class RequestReader {
  private readonly received: (request: ReceivedRequest) => void;
  private parts: Buffer[] = [];
  private size = 0;
  /** Where the request ends that is being read: bytes from its start; 0 while that is not known. */
  private endsAt = 0;

  constructor(received: (request: ReceivedRequest) => void) {
    this.received = received;
  }

  read(chunk: Buffer): void {
    this.parts.push(chunk);
    this.size += chunk.length;
    while (this.size > 0 && this.size >= this.endsAt) {
      const bytes = this.parts.length === 1 ? chunk : Buffer.concat(this.parts, this.size);
      const used = this.take(bytes);
      const left = bytes.subarray(used);
      this.parts = left.length > 0 ? [left] : [];
      this.size = left.length;
      if (used === 0) return;
      this.endsAt = 0;
    }
  }

  /** Hands over the request that the bytes begin with; how many bytes it had, 0 where it is not complete. */
  private take(bytes: Buffer): number {
    const headBytes = bytes.indexOf(headEnd) + headEnd.length;
    if (headBytes < headEnd.length) return 0;
    const head = bytes.toString('latin1', 0, headBytes);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    let end = headBytes + Number(length?.[1] ?? 0);
    if (!length && /\r\ntransfer-encoding: *chunked/i.test(head)) {
      // An empty body has no line end before its last chunk but the head's.
      const last = bytes.indexOf(chunkedEnd, headBytes - 2);
      if (last < 0) return 0;
      end = last + chunkedEnd.length;
    }
    this.endsAt = end;
    if (bytes.length < end) return 0;
    const [method = '', path = ''] = head.split(' ', 2);
    this.received({ method, path, body: end > headBytes ? bytes.subarray(headBytes, end) : nothing });
    return end;
  }
}
