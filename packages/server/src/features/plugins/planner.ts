import { createHash } from 'node:crypto';
import type { PluginPlan, PluginStep } from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import type { Catalogue } from './catalogue.ts';
import { noPermissions, permissionDiff } from './core/permissions.ts';
import type { Installed, Offer } from './core/release.ts';
import { resolve } from './core/resolve.ts';
import { newerThan } from './core/views.ts';

export interface PlanWish {
  id: string;
  version?: string | undefined;
  source?: string | undefined;
  /** Only what is newer than what is installed. */
  newer?: boolean;
}

/** A plan with what it takes. */
export interface Planned {
  plan: PluginPlan;
  take: readonly Offer[];
}

const unknownPlugin = (id: string): never =>
  raise(fault('not-found', 'plugin_unknown', `There is no plugin “${id}”, neither installed nor to be had.`));

/** Works out what an installation or an update would do. Raises `plugin_unknown`, `plugin_ambiguous`, `plugin_unresolvable`. */
export function createPlanner(catalogue: Catalogue, vigiles: string) {
  function sourceOf(wish: PlanWish, one: Installed | undefined, offers: readonly Offer[]): string {
    const sources = [...new Set(offers.map(({ source }) => source))];
    const wanted = wish.source ?? one?.source;
    if (wanted !== undefined) return wanted;
    const [first, ...others] = sources;
    if (first === undefined) return unknownPlugin(wish.id);
    if (others.length > 0)
      return raise(
        fault(
          'conflict',
          'plugin_ambiguous',
          `“${wish.id}” is offered by ${sources.join(' and ')}: say which one is meant.`,
          { details: { sources } },
        ),
      );
    return first;
  }

  return async function plan(wish: PlanWish, installed: readonly Installed[]): Promise<Planned> {
    const all = await catalogue.all();
    const byId = new Map(installed.map((one) => [one.id, one]));
    const one = byId.get(wish.id);
    const mine = all.get(wish.id) ?? [];
    if (mine.length === 0 && !one) unknownPlugin(wish.id);
    const source = sourceOf(wish, one, mine);
    const newer = wish.newer && wish.version === undefined && one ? newerThan(one, mine, vigiles) : null;
    if (newer?.length === 0) return { plan: { steps: [], needs_consent: false, consent: '' }, take: [] };
    const resolution = resolve({
      id: wish.id,
      ...(wish.version === undefined ? {} : { version: wish.version }),
      source,
      vigiles,
      installed: new Map(installed.map(({ id, manifest }) => [id, manifest])),
      offers(id) {
        if (id === wish.id) return newer ?? mine.filter((offer) => offer.source === source);
        const others = all.get(id) ?? [];
        // Another's package of the same name must not slip in: from where it is, from the same source, or from Vigiles itself.
        const from =
          byId.get(id)?.source ?? (others.some((offer) => offer.source === source) ? source : 'bundled');
        return others.filter((offer) => offer.source === from);
      },
    });
    if (!resolution.ok)
      return raise(
        fault('conflict', 'plugin_unresolvable', `“${wish.id}” cannot be installed: ${resolution.why}.`),
      );
    const steps = resolution.take.map((offer): PluginStep => {
      const { id, name, version, permissions } = offer.manifest;
      return {
        id,
        name,
        from: byId.get(id)?.version ?? null,
        to: version,
        source: offer.source,
        size: offer.size,
        sha512: offer.sha512,
        permissions: permissionDiff(byId.get(id)?.granted ?? noPermissions, permissions),
      };
    });
    const needsConsent = steps.some(({ permissions }) => permissions.grows);
    const meant = steps.map(({ id, to, source: from, sha512, permissions }) => [
      id,
      to,
      from,
      sha512,
      permissions,
    ]);
    const consent = createHash('sha256').update(JSON.stringify(meant)).digest('hex').slice(0, 32);
    return { plan: { steps, needs_consent: needsConsent, consent }, take: resolution.take };
  };
}

export type Planner = ReturnType<typeof createPlanner>;
