import { setTimeout as delay } from 'node:timers/promises';
import type { OauthConnection } from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { note, say, sayJson } from '../output/print.ts';
import { table } from '../output/table.ts';
import { ago } from '../output/units.ts';

interface Options {
  home?: string;
  json?: boolean;
}

const states: Record<OauthConnection['status'], string> = {
  not_configured: 'not set up',
  pending_auth: 'being connected',
  connected: 'connected',
  expired: 'expired',
  error: 'error',
};

const stateOf = ({ status, configured }: OauthConnection): string =>
  status === 'not_configured' && configured ? 'not connected' : states[status];

export async function listOauth({ home, json }: Options): Promise<void> {
  const answer = await connect(homeOf(home)).get<{ connections: OauthConnection[] }>('/api/v1/oauth');
  if (json) return sayJson(answer);
  say(
    table(
      [
        { title: 'ID' },
        { title: 'SERVICE' },
        { title: 'STATE' },
        { title: 'ACCOUNT', flexible: true },
        { title: 'CONNECTED', align: 'right' },
      ],
      answer.connections.map((one) => [
        one.provider,
        one.label,
        stateOf(one),
        one.account ?? '',
        one.connected_at === null ? '' : ago(one.connected_at),
      ]),
    ),
  );
  for (const { message } of answer.connections) if (message) note(message);
}

/** A browser has to be there; it is the one that is signed in to the dashboard, because a sign-in counts for who began it. */
export async function connectOauth(
  provider: string,
  { home, json, wait }: Options & { wait: boolean },
): Promise<void> {
  const api = connect(homeOf(home));
  const path = `/api/v1/oauth/${encodeURIComponent(provider)}`;
  const ask = async () => (await api.get<{ connection: OauthConnection }>(path)).connection;
  const before = await ask();
  const url = new URL(`/devices?connect=${encodeURIComponent(provider)}`, api.url).href;
  if (json && !wait) return sayJson({ url, connection: before });
  note('Open this in the browser that is signed in to Vigiles:');
  say(url);
  if (!wait) return;
  const until = performance.now() + 10 * 60_000;
  for (;;) {
    const now = await ask();
    if (now.status === 'connected' && now.connected_at !== before.connected_at)
      return json
        ? sayJson({ connection: now })
        : say(`${now.label} is connected: ${now.account ?? 'unknown'}.`);
    if (performance.now() > until) throw new CliError('It was not connected in time.', exitCode.failure);
    await delay(2000);
  }
}

export async function disconnectOauth(provider: string, { home, json }: Options): Promise<void> {
  const answer = await connect(homeOf(home)).send<{ provider: string; revoked: boolean }>(
    'DELETE',
    `/api/v1/oauth/${encodeURIComponent(provider)}`,
  );
  if (json) return sayJson(answer);
  say(`${answer.provider} is disconnected.`);
  if (!answer.revoked)
    note('The provider did not confirm that it ended what it gave; look into the account’s settings there.');
}
