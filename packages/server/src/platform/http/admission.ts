import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Identity, RateTier, Scope } from '@vigiles/contract';
import { failed, fault, FaultError } from '../../kernel/fault.ts';
import { credentialOf } from './credentials.ts';
import { anonymous, limited, missingToken, scopeFault, type Guards } from './guards.ts';
import { rateHeaders } from './headers.ts';
import { changesState, originAllowed } from './origin.ts';

/** What a route asks of its caller. */
export interface Access {
  scope: Scope | 'public';
  tier: RateTier;
  /** The handler checks a signature; there is no allowance per address. */
  signed?: true;
  /** Its errors carry their text as `detail` too. */
  detail?: true;
  /** The body is taken as it comes. */
  upload?: true;
  /** Takes forms, and answers errors as RFC 6749 §5.2 has them. */
  oauth?: true;
  /** The body is handed over as it came. */
  passes?: true;
}

export type Admit = (request: FastifyRequest, reply: FastifyReply, access: Access) => Promise<Identity>;

/**
 * The door: who asks, from which page, how often, and whether they may. Before the body is read. Throws the fault of
 * the first thing that is missing.
 */
export function createAdmission(options: { guards: Guards; allowedOrigins(): readonly string[] }): Admit {
  const { guards } = options;
  return async (request: FastifyRequest, reply: FastifyReply, access: Access): Promise<Identity> => {
    const remoteAddress = request.raw.socket.remoteAddress ?? '';
    const credential = credentialOf(request.headers);
    let identity: Identity = anonymous;
    if (access.scope !== 'public') {
      const known = credential
        ? await guards.authenticate(credential, remoteAddress)
        : failed(missingToken());
      if (!known.ok) throw new FaultError(known.fault);
      identity = known.value;
    }
    const browserDriven = credential?.kind === 'cookie' || access.scope === 'public';
    // A cookie goes along with whatever a page sends, so the page must be ours; without `Origin` nobody can tell.
    const unproven = credential?.kind === 'cookie' && request.headers.origin === undefined;
    if (browserDriven && changesState(request.method)) {
      if (unproven || !originAllowed(request.headers, options.allowedOrigins())) {
        throw new FaultError(
          fault('forbidden', 'origin_not_allowed', 'This page may not make changes here.'),
        );
      }
    }
    if (access.signed) return identity;
    const verdict = guards.limit(identity.kind === 'anonymous' ? null : identity, remoteAddress, access.tier);
    reply.headers(rateHeaders(verdict));
    if (!verdict.allowed) throw new FaultError(limited(verdict));
    const lacking = scopeFault(identity, access.scope);
    if (lacking) throw new FaultError(lacking);
    return identity;
  };
}
