import type { Upstream } from '../upstream.ts';
import type { OutgoingRequest } from './credential.ts';

/** Headers of a request beside the turns, with what its provider's credential adds; null where that has nothing to give. */
export async function authorisedHeaders(
  { origin, credential }: Pick<Upstream, 'origin' | 'credential'>,
  request: Omit<OutgoingRequest, 'origin'>,
): Promise<string[] | null> {
  const given = await credential?.authorise({ origin, ...request });
  if (!given) return [...request.headers];
  return given.ok ? request.headers.concat(given.headers) : null;
}
