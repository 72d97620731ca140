import { allows, type Identity, type Scope } from '@vigiles/contract';

/** A short token must not be able to make a long one: it never carries what lets devices in. */
const neverShort: ReadonlySet<Scope> = new Set(['devices', 'admin', 'config']);

export const ownAudience = 'vigiles';

/** Scopes of a device that a short token of it may have. */
export const shareable = (identity: Identity, all: readonly Scope[]): Scope[] =>
  all.filter((scope) => !neverShort.has(scope) && allows(identity, scope));

export interface WantedToken {
  audience: string | undefined;
  scopes: readonly string[];
}

export type ShortGrant =
  | { ok: true; audience: string; scopes: Scope[] }
  | { ok: false; code: 'invalid_scope' | 'invalid_target'; message: string };

/**
 * What a device is given for what it asks: never more than it has. For a provider it is `oauth` and nothing else, so that such a
 * token opens that provider's pass-through and no other door. Nothing asked: all that may be shared.
 * @param providers ids of those that have a pass-through
 */
export function shortGrant(
  identity: Identity,
  { audience = ownAudience, scopes }: WantedToken,
  all: readonly Scope[],
  providers: readonly string[],
): ShortGrant {
  const may = shareable(identity, all);
  const unknown = scopes.filter((scope) => !may.some((own) => own === scope));
  const refused = { ok: false, code: 'invalid_scope' } as const;
  if (unknown.length > 0)
    return { ...refused, message: `Not yours, or not for a short token: ${unknown.join(' ')}` };
  if (audience.startsWith('oauth:')) {
    if (!providers.includes(audience.slice(6)))
      return { ok: false, code: 'invalid_target', message: 'There is no such provider to pass through to.' };
    if (!may.includes('oauth')) return { ...refused, message: 'The device lacks the scope oauth.' };
    if (scopes.some((scope) => scope !== 'oauth'))
      return { ...refused, message: 'A token for a provider has the scope oauth only.' };
    return { ok: true, audience, scopes: ['oauth'] };
  }
  if (audience !== ownAudience)
    return { ok: false, code: 'invalid_target', message: 'Audiences: vigiles, or oauth: and a provider.' };
  const given = may.filter((scope) => scope !== 'oauth' && (scopes.length === 0 || scopes.includes(scope)));
  if (given.length === 0) return { ...refused, message: 'Nothing is left that a short token may do.' };
  return { ok: true, audience, scopes: given };
}
