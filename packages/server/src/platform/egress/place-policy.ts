import ipaddr from 'ipaddr.js';

/** Decides which addresses may be dialled. */
export interface PlacePolicy {
  /** The setting whose list it is. */
  list: string;
  /** Whether this address may be dialled for this host and port. `address` is an IP literal. */
  allows(host: string, port: number, address: string): boolean;
}

/** A host as it is compared: lower case, without the brackets of IPv6 and the dot at the end. */
export const plainHost = (host: string): string =>
  host
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

interface Entries {
  /** `host` or `host:port`. */
  hosts: Set<string>;
  ranges: Range[];
}

function readEntries(allow: readonly string[]): Entries {
  const entries: Entries = { hosts: new Set(), ranges: [] };
  for (const text of allow) {
    if (text.includes('/')) entries.ranges.push(ipaddr.parseCIDR(text));
    else if (ipaddr.isValid(text)) entries.hosts.add(canonical(text));
    else {
      const withPort = /^(\[.+\]|[^:]+):(\d+)$/.exec(text);
      const host = plainHost(withPort?.[1] ?? text);
      const name = ipaddr.isValid(host) ? canonical(host) : host;
      entries.hosts.add(withPort ? `${name}:${withPort[2]}` : name);
    }
  }
  return entries;
}

/** One spelling per address; IPv4 in IPv6 stays apart from the IPv4 it means. */
const canonical = (address: string): string => ipaddr.parse(address).toString();

/** Only what the whole internet can reach: no loopback, private, link-local, mapped, translated, multicast, reserved. */
const isPublic = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean => address.range() === 'unicast';

/**
 * Public addresses, and the private ones that are named: a host name, `host:port`, an address or a network. A name that is
 * allowed may point anywhere.
 */
export function createPlacePolicy(allow: readonly string[], list = 'egress.allow_private'): PlacePolicy {
  const { hosts, ranges } = readEntries(allow);
  const named = (name: string, port: number) => hosts.has(name) || hosts.has(`${name}:${port}`);
  return {
    list,
    allows(host, port, address) {
      // A zone (`fe80::1%eth0`) only exists on this machine's links.
      if (!ipaddr.isValid(address)) return false;
      const parsed = ipaddr.parse(address);
      if (isPublic(parsed)) return true;
      if (named(plainHost(host), port) || named(canonical(address), port)) return true;
      return ranges.some(([base, bits]) => base.kind() === parsed.kind() && parsed.match(base, bits));
    },
  };
}
