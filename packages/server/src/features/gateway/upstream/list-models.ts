import { readModelList, type ListedModel } from '../core/model-list/read-model-list.ts';
import type { ModelListing } from '../providers/define-provider.ts';
import { askJson, type AskOptions } from './ask-json.ts';
import type { Pool } from './pool.ts';

/** Asks a provider which models it has. Throws with a short reason when it does not say. */
export async function listModels(
  pool: Pool,
  basePath: string,
  listing: ModelListing,
  options: AskOptions,
): Promise<ListedModel[]> {
  const { richer } = listing;
  if (richer !== undefined) {
    try {
      return readModelList(await askJson(pool, richer, options));
    } catch (thrown) {
      // Older versions and look-alikes have the plain list only; one that cannot be reached has neither.
      if ((thrown as NodeJS.ErrnoException).code !== undefined) throw thrown;
    }
  }
  const path = listing.from === 'origin' ? listing.path : basePath + listing.path;
  return readModelList(await askJson(pool, path, options));
}
