import { Resolver } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { defineCheck, remoteUnlessLoopback, type ConfigOf } from './define-check.ts';
import { cannotTell, failedLook, noAnswer, unhealthy } from './failed-look.ts';
import { tooSlow } from './too-slow.ts';

/** DNS names compare without case and without the dot at the end. */
const nameOf = (text: string): string => text.toLowerCase().replace(/\.$/, '');

/** The answers as texts that people write into `expect`. Throws what the resolver throws. */
async function answers(resolver: Resolver, { name, record }: ConfigOf<'dns'>): Promise<string[]> {
  switch (record) {
    case 'A':
      return resolver.resolve4(name);
    case 'AAAA':
      return resolver.resolve6(name);
    case 'CNAME':
      return (await resolver.resolveCname(name)).map(nameOf);
    case 'NS':
      return (await resolver.resolveNs(name)).map(nameOf);
    case 'PTR':
      return (await resolver.resolvePtr(name)).map(nameOf);
    case 'TXT':
      return (await resolver.resolveTxt(name)).map((pieces) => pieces.join(''));
    case 'MX':
      return (await resolver.resolveMx(name)).map((mx) => `${mx.priority} ${nameOf(mx.exchange)}`);
    case 'SRV':
      return (await resolver.resolveSrv(name)).map(
        (srv) => `${srv.priority} ${srv.weight} ${srv.port} ${nameOf(srv.name)}`,
      );
    case 'SOA': {
      const soa = await resolver.resolveSoa(name);
      return [`${nameOf(soa.nsname)} ${nameOf(soa.hostmaster)} ${soa.serial}`];
    }
    case 'CAA':
      return (await resolver.resolveCaa(name)).map((caa) =>
        Object.entries(caa)
          .map(([key, value]) => (key === 'critical' ? String(value) : `${key} ${String(value)}`))
          .join(' '),
      );
  }
}

/** What a name server says, in words; codes of c-ares. */
const words: Record<string, string> = {
  ENOTFOUND: 'there is no such name',
  ENODATA: 'the name has no such record',
  ESERVFAIL: 'the name server failed',
  EREFUSED: 'the name server refused',
};

export const check = defineCheck({
  type: 'dns',
  title: 'DNS',
  target: ({ name, record, resolver }) => `${record} ${name}${resolver === undefined ? '' : ` @${resolver}`}`,
  remoteHost: ({ resolver, name }) => (resolver === undefined ? name : remoteUnlessLoopback(resolver)),
  localPort: () => null,
  prepare(config, { clock }) {
    const resolver = new Resolver({ timeout: Math.ceil(config.timeout_s * 1000), tries: 1 });
    if (config.resolver !== undefined) {
      const host = isIPv6(config.resolver) ? `[${config.resolver}]` : config.resolver;
      resolver.setServers([`${host}:${config.resolver_port}`]);
    }
    const normal = config.record === 'TXT' || config.record === 'CAA' ? (text: string) => text : nameOf;
    const expected = config.expect.map(normal);
    return {
      async look({ signal }) {
        const begun = clock.monotonic();
        const cancel = () => resolver.cancel();
        signal.addEventListener('abort', cancel, { once: true });
        try {
          const found = (await answers(resolver, config)).map(normal).toSorted();
          const latencyMs = clock.monotonic() - begun;
          const facts = { answers: found.join(', ') };
          const lacking = expected.find((one) => !found.includes(one));
          if (lacking !== undefined) return unhealthy(`“${lacking}” is not among the answers`, facts);
          const strange = config.exact ? found.find((one) => !expected.includes(one)) : undefined;
          if (strange !== undefined) return unhealthy(`it also answers “${strange}”`, facts);
          return tooSlow(config, latencyMs) ?? { ok: true, latencyMs, facts };
        } catch (thrown) {
          const code = (thrown as { code?: string }).code ?? '';
          const silent = ['ETIMEOUT', 'ECANCELLED', 'ECONNREFUSED'].includes(code);
          if (silent && config.resolver === undefined)
            return cannotTell('the name servers of this machine do not answer');
          if (code === 'ETIMEOUT' || signal.aborted) return noAnswer();
          return words[code] === undefined ? failedLook(thrown, signal) : unhealthy(words[code]);
        } finally {
          signal.removeEventListener('abort', cancel);
        }
      },
      close: () => resolver.cancel(),
    };
  },
});
