import { queryOptions } from '@tanstack/react-query';
import type {
  Device,
  DeviceAuthorization,
  IssuedToken,
  OauthConnection,
  Pairing,
  QuotasAnswer,
  Scope,
} from '@vigiles/contract';
import { nameDevices } from '../live/actor-names.ts';
import { api } from './api.ts';

/** A device with what it used today. */
export interface ListedDevice extends Device {
  kind: 'device' | 'browser';
  requests: number;
  /** US dollars. */
  cost_today: number;
}

/** Every device, so that texts can call it by its name. Whoever may not read them sees “a person”. */
export const devicesQuery = queryOptions({
  queryKey: ['devices'],
  async queryFn({ signal }) {
    const { devices } = await api.get<{ devices: ListedDevice[] }>(
      '/api/v1/devices',
      { revoked: 'true' },
      signal,
    );
    nameDevices(devices);
    return devices;
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** What each device used of its quotas, by device id. */
export const quotasQuery = queryOptions({
  queryKey: ['quotas'],
  async queryFn({ signal }) {
    const { devices } = await api.get<QuotasAnswer>('/api/v1/quotas', {}, signal);
    return new Map(devices.map(({ device_id: id, quotas }) => [id, quotas]));
  },
  refetchInterval: 30_000,
});

/** Programs that wait for their code to be typed in. Only for those who may let devices in. */
export const waitingQuery = queryOptions({
  queryKey: ['device-authorizations'],
  queryFn: async ({ signal }) =>
    (await api.get<{ authorizations: DeviceAuthorization[] }>('/api/v1/devices/authorizations', {}, signal))
      .authorizations,
  refetchInterval: 10_000,
});

export const connectionsQuery = queryOptions({
  queryKey: ['oauth'],
  queryFn: async ({ signal }) =>
    (await api.get<{ connections: OauthConnection[] }>('/api/v1/oauth', {}, signal)).connections,
});

const one = (id: string): string => `/api/v1/devices/${encodeURIComponent(id)}`;
const account = (provider: string): string => `/api/v1/oauth/${encodeURIComponent(provider)}`;

export const createPairing = (body: { name: string; scopes: Scope[] }): Promise<Pairing> =>
  api.post('/api/v1/devices/pairings', body);
export const cancelPairing = (id: string): Promise<unknown> =>
  api.remove(`/api/v1/devices/pairings/${encodeURIComponent(id)}`);
export const rotateDevice = (id: string, overlapS: number): Promise<IssuedToken> =>
  api.post(`${one(id)}/rotate`, { overlap_s: overlapS });
export const revokeDevice = (id: string): Promise<unknown> => api.remove(one(id));

const authorization = (verb: string, body: object): Promise<DeviceAuthorization> =>
  api
    .post<{ authorization: DeviceAuthorization }>(`/api/v1/devices/authorizations/${verb}`, body)
    .then((answer) => answer.authorization);
export const lookUpCode = (code: string): Promise<DeviceAuthorization> =>
  authorization('lookup', { user_code: code });
export const approveCode = (code: string, scopes: Scope[], name: string): Promise<DeviceAuthorization> =>
  authorization('approve', { user_code: code, scopes, ...(name ? { name } : {}) });
export const denyCode = (code: string): Promise<DeviceAuthorization> =>
  authorization('deny', { user_code: code });

export const beginConnection = (provider: string): Promise<{ authorization_url: string }> =>
  api.post(`${account(provider)}/connect`);
export const finishConnection = (callback: Record<string, string>): Promise<OauthConnection> =>
  api
    .post<{ connection: OauthConnection }>('/api/v1/oauth/callback', callback)
    .then(({ connection }) => connection);
export const renewConnection = (provider: string): Promise<unknown> =>
  api.post(`${account(provider)}/refresh`);
export const disconnectAccount = (provider: string): Promise<{ revoked: boolean }> =>
  api.remove(account(provider));
