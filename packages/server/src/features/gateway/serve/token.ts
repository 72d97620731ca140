import type { IncomingHttpHeaders } from 'node:http';

/** The token of a request: `Authorization: Bearer …`, or `x-api-key` as Anthropic clients send it, `x-goog-api-key` as Gemini's. */
export function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  const authorization = headers.authorization;
  if (authorization !== undefined && /^bearer /i.test(authorization)) {
    const token = authorization.slice(7).trim();
    if (token !== '') return token;
  }
  const key = headers['x-api-key'] ?? headers['x-goog-api-key'];
  return typeof key === 'string' && key !== '' ? key : undefined;
}

/** Who a token stands for. */
export interface TokenDoor<Identity> {
  /** From memory only; null also means "not known yet". */
  peek(token: string): Identity | null;
  authenticate(token: string): Promise<Identity | null>;
}
