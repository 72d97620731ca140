import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Outgoing } from './request.ts';

/** With these in it an answer would be another than we take it for. */
const refused = new Set(['transfer-encoding', 'keep-alive', 'upgrade', 'expect', 'te']);
const withBody = new Set(['POST', 'PUT', 'PATCH']);

/** A request as it is sent (RFC 9112, 3); a string is Latin-1. Throws for headers that cannot be sent, naming them. */
export function requestText({
  url,
  method,
  headers,
  body,
}: Pick<Outgoing, 'url' | 'method' | 'headers' | 'body'>): Buffer | string {
  let head = `${method} ${url.pathname}${url.search} HTTP/1.1\r\n`;
  if (headers['host'] === undefined) head += `host: ${url.host}\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    if (refused.has(name)) throw new Error(`the header ${name} cannot be set in a check`);
    // As long as the body is, whatever is said.
    if (name === 'content-length') continue;
    head += `${name}: ${value}\r\n`;
  }
  if (headers['connection'] === undefined) head += 'connection: keep-alive\r\n';
  if (body === null) return `${head}${withBody.has(method) ? 'content-length: 0\r\n' : ''}\r\n`;
  const bytes = Buffer.from(body);
  return Buffer.concat([Buffer.from(`${head}content-length: ${bytes.length}\r\n\r\n`, 'latin1'), bytes]);
}

/** It asks for the connection to be closed after the answer. */
export const closes = (headers: Readonly<Record<string, string>>): boolean =>
  /(^|,)\s*close\s*(,|$)/i.test(headers['connection'] ?? '');
