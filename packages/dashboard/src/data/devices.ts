import { queryOptions } from '@tanstack/react-query';
import { nameDevices } from '../live/actor-names.ts';
import { api } from './api.ts';

/** Every device, so that texts can call it by its name. Whoever may not read them sees “a person”. */
export const devicesQuery = queryOptions({
  queryKey: ['devices'],
  async queryFn({ signal }) {
    const { devices } = await api.get<{ devices: { id: string; name: string }[] }>(
      '/api/v1/devices',
      { revoked: 'true' },
      signal,
    );
    nameDevices(devices);
    return devices;
  },
  staleTime: Number.POSITIVE_INFINITY,
});
