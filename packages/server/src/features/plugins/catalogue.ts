import type { createBundled } from './bundled.ts';
import type { Offer } from './core/release.ts';
import type { Registries } from './registries.ts';
import type { PluginStore } from './store.ts';

/** Everything that can be had, by plugin: what is published here first, then what came with Vigiles, then the registries. */
export function createCatalogue(
  store: PluginStore,
  bundled: ReturnType<typeof createBundled>,
  registries: Registries,
) {
  let read: Promise<ReadonlyMap<string, readonly Offer[]>> | null = null;

  async function readAll(): Promise<ReadonlyMap<string, readonly Offer[]>> {
    const local = (await store.published()).map((entry): Offer => Object.assign(entry, { source: 'local' }));
    const found = new Map<string, Offer[]>();
    for (const offer of [...local, ...(await bundled.offers()), ...(await registries.offers())]) {
      const same = found.get(offer.manifest.id);
      if (same) same.push(offer);
      else found.set(offer.manifest.id, [offer]);
    }
    return found;
  }

  return {
    all(): Promise<ReadonlyMap<string, readonly Offer[]>> {
      if (read) return read;
      const mine = readAll();
      read = mine;
      mine.catch(() => {
        if (read === mine) read = null;
      });
      return mine;
    },
    /** Something was published, or a registry was read. */
    forget(): void {
      read = null;
    },
  };
}

export type Catalogue = ReturnType<typeof createCatalogue>;
