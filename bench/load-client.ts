import { connect, type Socket } from 'node:net';

/** What one connection is to send again and again. */
export interface LoadRequest {
  host: string;
  port: number;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** One answer, seen from the wire. Times are milliseconds on the monotonic clock. */
export interface Sample {
  latencyMs: number;
  /** From the request's first byte to the first byte of the answer's body. */
  firstByteMs: number;
  status: number;
  bytes: number;
}

const headEnd = Buffer.from('\r\n\r\n');
const chunkedEnd = Buffer.from('0\r\n\r\n');

/** What was read last, of whichever connection: each looks at it before the next read. */
const readInto = Buffer.allocUnsafe(65_536);

/**
 * A keep-alive HTTP/1.1 connection on a bare socket: it costs a few microseconds a request, so that the thing
 * under test is what limits the rate. It understands Content-Length and chunked answers, nothing else.
 */
export class LoadConnection {
  private readonly socket: Socket;
  private readonly bytes: Buffer;
  private head: Buffer | null = null;
  private contentLength = -1;
  private received = 0;
  private status = 0;
  private tail: Buffer = Buffer.alloc(0);
  private startedAt = 0;
  private firstByteAt = 0;
  private settle: ((sample: Sample) => void) | null = null;
  private fail: ((error: Error) => void) | null = null;

  constructor(request: LoadRequest) {
    const lines = Object.entries({
      host: `${request.host}:${request.port}`,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(request.body)),
      ...request.headers,
    }).map(([name, value]) => `${name}: ${value}`);
    this.bytes = Buffer.from(`POST ${request.path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${request.body}`);
    this.socket = connect({
      host: request.host,
      port: request.port,
      noDelay: true,
      onread: {
        buffer: readInto,
        callback: (size) => {
          this.read(readInto.subarray(0, size));
          return true;
        },
      },
    });
    this.socket.on('error', (error) => this.fail?.(error));
    this.socket.on('close', () => this.fail?.(new Error('connection closed before the answer was complete')));
  }

  /** Sends the request once and resolves when its answer is complete. */
  send(): Promise<Sample> {
    return new Promise((resolve, reject) => {
      this.settle = resolve;
      this.fail = reject;
      this.startedAt = performance.now();
      this.firstByteAt = 0;
      this.socket.write(this.bytes);
    });
  }

  close(): void {
    this.settle = null;
    this.fail = null;
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    let body = chunk;
    if (this.status === 0) {
      const seen = this.head ? Buffer.concat([this.head, chunk]) : chunk;
      const end = seen.indexOf(headEnd);
      if (end < 0) {
        this.head = Buffer.from(seen);
        return;
      }
      const head = seen.toString('latin1', 0, end).toLowerCase();
      this.status = Number(head.slice(9, 12));
      const length = /\r\ncontent-length: *(\d+)/.exec(head);
      this.contentLength = length ? Number(length[1]) : -1;
      this.head = null;
      body = seen.subarray(end + 4);
    }
    if (body.length > 0 && this.firstByteAt === 0) this.firstByteAt = performance.now();
    this.received += body.length;
    if (this.contentLength >= 0) {
      if (this.received >= this.contentLength) this.finish();
      return;
    }
    const tail = body.length >= 5 ? body : Buffer.concat([this.tail, body]);
    this.tail = Buffer.from(tail.subarray(-5));
    if (this.tail.equals(chunkedEnd)) this.finish();
  }

  private finish(): void {
    const now = performance.now();
    const sample: Sample = {
      latencyMs: now - this.startedAt,
      firstByteMs: (this.firstByteAt || now) - this.startedAt,
      status: this.status,
      bytes: this.received,
    };
    this.status = 0;
    this.received = 0;
    this.contentLength = -1;
    this.tail = Buffer.alloc(0);
    const settle = this.settle;
    this.settle = null;
    settle?.(sample);
  }
}
