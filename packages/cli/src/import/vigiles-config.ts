import { ApiError, createApi } from '../client/api.ts';
import { readControlFile } from '../client/control-file.ts';
import { CliError } from '../exit-codes.ts';
import { changeOfflineConfig, offlineConfig } from '../launcher/maintenance.ts';
import { rejectionText } from '../verbs/reload.ts';
import type { ConfigAnswer } from '../views/config.ts';
import type { Proposal } from './proposal.ts';

interface Edit {
  path: (string | number)[];
  value: unknown;
}

/** The configuration of a home, whether Vigiles runs there or not. */
export interface HomeConfig {
  path: string;
  gateway: ConfigAnswer['config']['gateway'];
  watchdog: ConfigAnswer['config']['watchdog'];
  change(edits: readonly Edit[]): Promise<void>;
}

/** More than this many edits go in several requests. */
const MAX_EDITS = 100;

export async function homeConfig(home: string): Promise<HomeConfig> {
  const control = readControlFile(home);
  if (!control) {
    const { path, config } = await offlineConfig(home);
    return {
      path,
      gateway: config.gateway,
      watchdog: config.watchdog,
      change: async (edits) => void (await changeOfflineConfig(home, [...edits])),
    };
  }
  const api = createApi(control.url, control.token, home);
  const { path, config } = await api.get<ConfigAnswer>('/api/v1/config');
  return {
    path,
    gateway: config.gateway,
    watchdog: config.watchdog,
    async change(edits) {
      for (let from = 0; from < edits.length; from += MAX_EDITS) {
        try {
          await api.send('PATCH', '/api/v1/config', { patch: edits.slice(from, from + MAX_EDITS) });
        } catch (thrown) {
          if (!(thrown instanceof ApiError) || thrown.code !== 'config_invalid') throw thrown;
          throw new CliError(rejectionText(thrown, path));
        }
      }
    },
  };
}

/** An empty list is written whole, as a block; to a longer one the new entries are added one by one. */
const appended = (
  slice: 'gateway' | 'watchdog',
  name: string,
  present: number,
  list: readonly unknown[],
): Edit[] => {
  if (list.length === 0) return [];
  if (present === 0) return [{ path: [slice, name], value: list }];
  return list.map((value, i) => ({ path: [slice, name, present + i], value }));
};

/** The changes to vigiles.yaml: providers first, because routes name them. */
export function editsOf(proposal: Proposal, { gateway, watchdog }: HomeConfig): Edit[] {
  const fallback = proposal.default_provider;
  return [
    ...appended('gateway', 'providers', gateway.providers.length, proposal.providers),
    ...appended('gateway', 'routes', gateway.routes.length, proposal.routes),
    ...(fallback === null ? [] : [{ path: ['gateway', 'default_provider'], value: fallback }]),
    ...appended('watchdog', 'services', watchdog.services.length, proposal.services),
    ...appended('watchdog', 'maintenance', watchdog.maintenance.length, proposal.maintenance),
    ...proposal.settings,
  ];
}
