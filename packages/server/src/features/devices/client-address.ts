import { fault, raise } from '../../kernel/fault.ts';

const hostShape = /^(?:[a-z0-9](?:[a-z0-9.-]{0,252})|\[[0-9a-f:]+\])(?::\d{1,5})?$/i;

/**
 * The address this server was asked at, for links back to it: where people reach it as configured, else the host of the request.
 * A forged `Host` only fools whoever forged it.
 */
export function originOf(header: (name: string) => string | null, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return new URL(publicUrl).origin;
  const host = header('host') ?? '';
  if (!hostShape.test(host)) raise(fault('invalid', 'invalid_request', 'The Host header is no host.'));
  return `http://${host.toLowerCase()}`;
}
