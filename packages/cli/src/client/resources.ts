import type { CatalogueProblem, Service } from '@vigiles/contract';
import { ApiError, type Api } from './api.ts';

/** A list that is simply empty where the feature behind it is switched off. */
async function listed<T>(ask: Promise<T[]>): Promise<T[]> {
  try {
    return await ask;
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.status === 404) return [];
    throw thrown;
  }
}

export const listServices = (api: Api): Promise<Service[]> =>
  listed(api.get<{ services: Service[] }>('/api/v1/services').then(({ services }) => services));

/** Why files of own faults are not in force. */
export const faultProblems = (api: Api): Promise<CatalogueProblem[]> =>
  listed(
    api.get<{ problems: CatalogueProblem[] }>('/api/v1/faults?source=user').then(({ problems }) => problems),
  );
