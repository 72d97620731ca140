import { readModelUse } from '../features/gateway/index.ts';
import { readPublishedBytes } from '../features/plugins/index.ts';
import type { Extend } from './extension.ts';

/** What devices used of their quotas, and what is told of it. */
export const quotas: Extend = ({ quotaParts, store, devices }) => {
  const { routes, component } = quotaParts.extend({
    devices: async () => (await devices.list()).map(({ device: { id, name } }) => ({ deviceId: id, name })),
    modelUse: (now) => readModelUse(store, now),
    stored: () => readPublishedBytes(store),
  });
  return { routes, components: [component] };
};
