import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { fault, failed, ok, type Result } from '../../kernel/fault.ts';
import { plainHost, type PlacePolicy } from './place-policy.ts';

/** All addresses of a name, as the system resolves it. Throws what `dns.lookup` throws. */
export type Resolver = (host: string) => Promise<readonly string[]>;

export const systemResolver: Resolver = async (host) =>
  (await lookup(host, { all: true, order: 'ipv4first' })).map(({ address }) => address);

/**
 * The addresses of a host that may be dialled, at least one. Resolved once: whoever dials one of them cannot be sent elsewhere
 * by a second answer. Of a mixed answer only the allowed ones are left.
 */
export async function checkedAddresses(
  host: string,
  port: number,
  policy: PlacePolicy,
  resolve: Resolver,
): Promise<Result<readonly string[]>> {
  const name = plainHost(host);
  let addresses: readonly string[];
  try {
    addresses = isIP(name) === 0 ? await resolve(name) : [name];
  } catch (thrown) {
    const { code = 'lookup failed' } = thrown as { code?: string };
    return failed(
      fault('upstream', 'egress_name_unknown', `The name ${name} could not be resolved (${code}).`, {
        cause: thrown,
      }),
    );
  }
  const allowed = addresses.filter((address) => policy.allows(name, port, address));
  if (allowed.length > 0) return ok(allowed);
  const where = isIP(name) === 0 ? `${name} (${addresses.join(', ') || 'no address'})` : name;
  return failed(
    fault(
      'forbidden',
      'egress_private_address',
      `${where} is not a public address; name it in ${policy.list} if it is yours.`,
    ),
  );
}
