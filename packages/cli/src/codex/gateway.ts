import type { IssuedToken, Pairing, Scope, Status } from '@vigiles/contract';
import type { Api } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';

/** Where agents send their turns; Codex and the SDKs want `/v1` in it. */
export async function gatewayUrl(api: Api): Promise<string> {
  const { gateway } = await api.get<Status>('/api/v1/status');
  if (!gateway.enabled)
    throw new CliError('The gateway is switched off in vigiles.yaml (gateway.enabled).', exitCode.unhealthy);
  const url = new URL(gateway.url);
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  return new URL('/v1', url).toString();
}

/** A device of its own that may only do what it is for: send model traffic, where nothing else is said. */
export async function newGatewayDevice(
  api: Api,
  name: string,
  scopes: readonly Scope[] = ['gateway'],
): Promise<IssuedToken> {
  const { code } = await api.send<Pairing>('POST', '/api/v1/devices/pairings', { name, scopes });
  return api.send<IssuedToken>('POST', '/auth/pair', { code, name });
}

/** Models the gateway offers with this token; null when it does not answer or does not know the token. */
export async function offeredModels(baseUrl: string, token: string): Promise<string[] | null> {
  try {
    const response = await fetch(`${baseUrl}/models`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(5000),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return null;
    }
    const { data } = (await response.json()) as { data?: { id?: unknown }[] };
    return (data ?? []).map(({ id }) => id).filter((id) => typeof id === 'string');
  } catch {
    return null;
  }
}

/** The same names from control, for where there is no token of the gateway yet; none while it does not answer. */
export async function namedModels(api: Api): Promise<string[]> {
  const { models } = await api
    .get<{ models: { id: string; model: string }[] }>('/api/v1/ai/models')
    .catch(() => ({ models: [] }));
  const holders = new Map<string, number>();
  for (const { model } of models) holders.set(model, (holders.get(model) ?? 0) + 1);
  return models.flatMap(({ id, model }) => (holders.get(model) === 1 ? [model, id] : [id]));
}

/** Whether a token may still speak of sessions of its own. @param control origin of control */
export async function speaksOfSessions(control: string, token: string): Promise<boolean> {
  try {
    const response = await fetch(`${control}/api/v1/sessions?limit=1`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(5000),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
