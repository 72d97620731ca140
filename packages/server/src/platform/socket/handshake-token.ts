import type { IncomingHttpHeaders } from 'node:http';

/** What is known of a Socket.IO handshake. */
export interface Handshake {
  /** The client's `auth` object. */
  auth: Record<string, unknown>;
  /** The query of the request's URL. */
  query: Record<string, unknown>;
  headers: IncomingHttpHeaders;
  /** Address of the TCP peer. */
  remoteAddress: string;
}

/** Headers by which a proxy says that the client is somewhere else. */
const forwarded = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/** 127.0.0.0/8, also as IPv4 in IPv6, and ::1. */
const isLoopback = (address: string): boolean => /^(::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/.test(address);

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Whether the client came from this machine, with no proxy between. */
export const fromThisMachine = ({ headers, remoteAddress }: Handshake): boolean =>
  isLoopback(remoteAddress) && forwarded.every((name) => headers[name] === undefined);

/**
 * The device token of a handshake: `auth.token`, or `token` in the URL for clients whose code cannot be changed
 * (`http://localhost:8765/?token=vgl_…`). URLs end up in the logs of whatever lies between, so the latter counts only
 * from this machine and with nothing between.
 *
 * @returns `misplaced` for a token in the URL that is not honoured; null when there is none and headers decide
 */
export function handshakeToken(handshake: Handshake): { token: string } | 'misplaced' | null {
  const shown = text(handshake.auth['token']);
  if (shown) return { token: shown.replace(/^Bearer +/i, '') };
  const inUrl = text(handshake.query['token']);
  if (!inUrl) return null;
  return fromThisMachine(handshake) ? { token: inUrl } : 'misplaced';
}
