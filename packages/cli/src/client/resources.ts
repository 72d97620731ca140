import type { Incident, Service } from '@vigiles/contract';
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

export const listIncidents = (api: Api): Promise<Incident[]> =>
  listed(api.get<{ incidents: Incident[] }>('/api/v1/incidents').then(({ incidents }) => incidents));
