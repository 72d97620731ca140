import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A refusal in the provider's own words. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface ProviderServer {
  url: string;
  /** Bodies of the requests that were accepted, oldest first. */
  accepted: Record<string, unknown>[];
  /** What was refused and why: a gateway that breaks the provider's rules is seen here. */
  refused: string[];
  close(): Promise<void>;
}

/** The common half of a stand-in for a provider: reads JSON, writes SSE or JSON, keeps what it saw. */
export async function startProviderServer(
  answer: (
    request: IncomingMessage,
    body: Record<string, unknown>,
    response: ServerResponse,
  ) => Promise<void>,
  refusalBody: (refusal: Refusal) => unknown,
): Promise<ProviderServer> {
  const accepted: Record<string, unknown>[] = [];
  const refused: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const handle = async () => {
        const text = Buffer.concat(chunks).toString();
        const body = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
        await answer(request, body, response);
        if (request.method === 'POST') accepted.push(body);
      };
      handle().catch((thrown: unknown) => {
        const refusal = thrown instanceof Refusal ? thrown : new Refusal(500, String(thrown));
        refused.push(`${request.method} ${request.url}: ${refusal.message}`);
        if (response.headersSent) response.destroy();
        else {
          response.writeHead(refusal.status, { 'content-type': 'application/json' });
          response.end(JSON.stringify(refusalBody(refusal)));
        }
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepted,
    refused,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Fails like a strict API does when a body has a field it does not know. */
export function refuseUnknown(
  body: Record<string, unknown>,
  known: readonly string[],
  wording: (field: string) => string,
): void {
  for (const field of Object.keys(body)) if (!known.includes(field)) throw new Refusal(400, wording(field));
}
