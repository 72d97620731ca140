import type {
  ActionInfo,
  ActionRun,
  ChannelHealth,
  CiRun,
  Decision,
  Device,
  FaultView,
  Incident,
  InstalledPlugin,
  PluginList,
  Service,
  Session,
} from '@vigiles/contract';
import type { Api } from './api.ts';

type Ask = (api: Api) => Promise<string[]>;

const services: Ask = async (api) =>
  (await api.get<{ services: Service[] }>('/api/v1/services?beats=0')).services.map(({ name }) => name);
const decisions: Ask = async (api) =>
  (await api.get<{ decisions: Decision[] }>('/api/v1/decisions?state=pending')).decisions.map(
    ({ decision_id }) => decision_id,
  );
const runs = async (api: Api, query: string): Promise<ActionRun[]> =>
  (await api.get<{ runs: ActionRun[] }>(`/api/v1/actions/runs${query}`)).runs;

/** Where the words come from that an argument of this name can be. */
const sources: Record<string, Ask> = {
  session: async (api) =>
    (await api.get<{ sessions: Session[] }>('/api/v1/sessions?limit=100')).sessions.map(
      ({ session_id }) => session_id,
    ),
  incident: async (api) =>
    (await api.get<{ incidents: Incident[] }>('/api/v1/incidents?limit=100')).incidents.map(({ id }) => id),
  'ci-run': async (api) =>
    (await api.get<{ runs: CiRun[] }>('/api/v1/github/runs?limit=100')).runs.map(({ id }) => id),
  device: async (api) =>
    (await api.get<{ devices: Device[] }>('/api/v1/devices')).devices.map(({ id }) => id),
  fault: async (api) => (await api.get<{ faults: FaultView[] }>('/api/v1/faults')).faults.map(({ id }) => id),
  action: async (api) =>
    (await api.get<{ actions: ActionInfo[] }>('/api/v1/actions/catalog')).actions.map(({ id }) => id),
  channel: async (api) =>
    (
      await api.get<{ data: { channels: ChannelHealth[] } }>('/api/v1/notifications/channels')
    ).data.channels.map(({ name }) => name),
  plugin: async (api) =>
    (await api.get<PluginList>('/api/v1/plugin/list?limit=200')).plugins.map(({ id }) => id),
  'installed-plugin': async (api) =>
    (await api.get<{ plugins: InstalledPlugin[] }>('/api/v1/plugin/installed')).plugins.map(({ id }) => id),
  run: async (api) => (await runs(api, '')).map(({ id }) => id),
  need: async (api) => [
    ...(await decisions(api)),
    ...(await runs(api, '?state=open')).flatMap(({ id, state }) =>
      state === 'awaiting_approval' ? [id] : [],
    ),
  ],
  decision: decisions,
  service: services,
  target: services,
};

/** Names of arguments whose words the server knows. */
export const hasCandidates = (argument: string): boolean => Object.hasOwn(sources, argument);

const most = 200;

/** What an argument of this name can be now; nothing where the server does not say. Words with spaces are left out. */
export async function candidates(api: Api, argument: string): Promise<string[]> {
  const source = hasCandidates(argument) ? sources[argument] : undefined;
  const found = (await source?.(api).catch(() => [])) ?? [];
  return found.filter((word) => /^[\w.:@/+-]+$/.test(word)).slice(0, most);
}
