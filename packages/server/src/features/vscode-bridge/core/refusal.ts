import { fault, type Fault } from '../../../kernel/fault.ts';

/** The headers that tell a browser's page from a program; names in lower case. */
export type DoorHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Why a request is not let in before its token is even looked at; null where nothing speaks against it.
 *
 * A page of any site can make its browser send requests here. It cannot leave out `Origin` (WebSocket, POST) or `Sec-Fetch-Site`
 * (every request), and with a name that was rebound to this machine `Host` is that name. Programs send neither of the two; Node's
 * own `fetch` sends `Sec-Fetch-Mode`, which therefore says nothing.
 * @param port on which it came in
 */
export function refusalOf(headers: DoorHeaders, port: number): Fault | null {
  const { host } = headers;
  const names = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
  if (typeof host !== 'string' || !names.includes(host.toLowerCase()))
    return fault('forbidden', 'host_refused', 'The bridge answers to this machine’s loopback address only.');
  if (headers['origin'] !== undefined || headers['sec-fetch-site'] !== undefined)
    return fault('forbidden', 'browser_refused', 'The bridge is for editors; browsers are refused.');
  return null;
}

/** The token of `Authorization: Bearer …`; null where there is none. */
export function bearerOf(headers: DoorHeaders): string | null {
  const { authorization } = headers;
  const found =
    typeof authorization === 'string' ? /^Bearer ([\w.~+/=-]{1,512})$/i.exec(authorization) : null;
  return found?.[1] ?? null;
}
