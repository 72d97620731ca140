import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { CheckConfig, CheckSeen } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import { fault, raise } from '../../kernel/fault.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { CheckKit } from './checks/define-check.ts';
import { definitionOf, openProbe } from './checks/look.ts';
import { seenIn } from './checks/seen.ts';
import type { WatchedService } from './watched-service.ts';

const mostAtOnce = 4;
const longestS = 20;

/** What only shows over time, or when somebody else does something. */
const notAtOnce: Partial<Record<CheckConfig['type'], string>> = {
  heartbeat: 'A heartbeat is waited for: save it, then call its address.',
  log: 'A log is watched over time: save it, and it counts from then on.',
};

/** Ranges that no service lives in, but where clouds keep the keys of a machine. */
const hostile = new Set(['linkLocal', 'unspecified', 'broadcast', 'multicast']);

/** Refuses addresses that are only asked to steal something. A name that cannot be found is the check’s to tell. */
async function refuseHostile(host: string | null): Promise<void> {
  if (host === null) return;
  const plain = host.replace(/^\[(.*)\]$/, '$1');
  const addresses = ipaddr.isValid(plain)
    ? [plain]
    : (await lookup(plain, { all: true }).catch(() => [])).map(({ address }) => address);
  if (addresses.some((address) => hostile.has(ipaddr.process(address).range())))
    raise(fault('forbidden', 'address_refused', `${plain} is an address that no check is tried on.`));
}

/** Tries a check as it stands in a form, without saving it. */
export function tryCheckRoute(deps: {
  kit: CheckKit;
  clock: Clock;
  services: ReadonlyMap<string, WatchedService>;
}): Route {
  const { kit, clock, services } = deps;
  let running = 0;
  return defineRoute({
    method: 'POST',
    path: '/api/v1/checks/test',
    operationId: 'tryCheck',
    summary: 'Look once with a check that is not saved, and tell what was seen',
    tag: 'services',
    // Whoever may write the configuration could save it instead; for others, its references would give secrets away.
    scope: 'config',
    audit: 'check.tried',
    tier: 'heavy',
    body: z.strictObject({
      check: CheckConfig,
      service: z.string().max(64).optional().meta({ description: 'Whose process is meant.' }),
    }),
    success: CheckSeen,
    faults: ['check_not_at_once', 'address_refused', 'too_many_tries'],
    async handle({ body, signal }) {
      const config = {
        ...body.check,
        timeout_s: Math.min(body.check.timeout_s, longestS),
        retries: 0,
      } as CheckConfig;
      const refusal = notAtOnce[config.type];
      if (refusal !== undefined) raise(fault('invalid', 'check_not_at_once', refusal));
      await refuseHostile(definitionOf(config).remoteHost(config));
      if (running >= mostAtOnce)
        raise(
          fault('rate-limited', 'too_many_tries', 'Several checks are being tried already.', {
            retryAfterMs: 2000,
          }),
        );
      running += 1;
      const probe = openProbe(config, kit, { service: body.service ?? '', check: 'try' });
      const end = () => probe.close();
      signal.addEventListener('abort', end, { once: true });
      try {
        const subject = services.get(body.service ?? '')?.identity() ?? null;
        return seenIn(await probe.look(subject), clock.now());
      } finally {
        running -= 1;
        signal.removeEventListener('abort', end);
        probe.close();
      }
    },
  });
}
