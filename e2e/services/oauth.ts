import { openOidc } from '../../packages/server/src/features/oauth/testing/oidc-rig.ts';
import { chatCompletion } from '../../packages/server/src/testing/upstreams/chat-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
} from '../../packages/server/src/testing/upstreams/scripted-upstream.ts';
import { waitFor } from '../harness/wait-for.ts';
import type { Seen, ServiceRow } from './service-row.ts';

const accessToken = 'urn:ietf:params:oauth:token-type:access_token';

interface Token {
  access_token?: string;
  device_id?: string;
  scope?: string;
  error?: string;
  expires_in?: number;
}

/** Devices let in by a code, short tokens, and an account at a real OpenID provider that devices ask through. */
export const row: ServiceRow = {
  service: 'devices and OAuth',
  peer: 'oidc-provider (OpenID, PKCE required, rotating refresh tokens)',
  async run(rig) {
    let base = '';
    const oidc = await openOidc(() => `${base}/oauth/callback`);
    rig.later(() => oidc.close());
    const upstream = await startScriptedUpstream((asked, res) => {
      const shown = /^Bearer (.+)$/.exec(asked.headers.authorization ?? '')?.[1] ?? '';
      if (oidc.given.has(shown)) answerJson(res, 200, chatCompletion('paid'));
      else answerJson(res, 401, { error: { message: 'no' } });
    });
    rig.later(() => upstream.close());
    const vigiles = await rig.start({
      config: `
server: { port: 0 }
gateway:
  port: 0
  discover_local: false
  providers:
    - { id: paid, type: openai-compatible, base_url: '${upstream.origin}', oauth_account: home, models: [m] }
egress: { allow_private: ['${new URL(oidc.issuer).host}'] }
oauth:
  providers:
    - id: home
      preset: oidc
      issuer: ${oidc.issuer}
      client_id: ${oidc.clientId}
      client_secret: ${oidc.clientSecret}
      proxy: { base_url: '${oidc.issuer}/api', allow: [{ path: /me }] }
`,
    });
    base = vigiles.url;
    const seen: Seen[] = [];
    const saw = (ok: boolean, text: string): void => void seen.push({ ok, seen: text });
    const form = async (
      path: string,
      fields: Record<string, string>,
    ): Promise<Token & Record<string, string>> => {
      const answer = await fetch(base + path, { method: 'POST', body: new URLSearchParams(fields) });
      return (await answer.json()) as Token & Record<string, string>;
    };
    const poll = (code: string) =>
      form('/oauth/token', {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        client_id: 'row',
        device_code: code,
      });

    const asked = await form('/oauth/device_authorization', { client_id: 'row', scope: 'read oauth' });
    const early = await poll(asked['device_code'] ?? '');
    const hasty = await poll(asked['device_code'] ?? '');
    saw(
      early.error === 'authorization_pending' && hasty.error === 'slow_down',
      `before the approval: ${early.error}, then ${hasty.error}`,
    );
    const approved = await rig.cli(
      vigiles,
      'devices',
      'approve',
      asked['user_code'] ?? '',
      '--scopes',
      'read,oauth',
    );
    await new Promise((done) => setTimeout(done, 10_000));
    const polls = await Promise.all([poll(asked['device_code'] ?? ''), poll(asked['device_code'] ?? '')]);
    const given = polls.filter(({ access_token: token }) => token !== undefined);
    const token = given[0]?.access_token ?? '';
    saw(
      approved.code === 0 && given.length === 1,
      `approved on the command line; of two polls ${given.length} got a token, the other ${polls.find(({ error }) => error)?.error}`,
    );

    const begun = await rig.call<{ authorization_url: string }>(
      vigiles,
      'POST',
      '/api/v1/oauth/home/connect',
    );
    const back = await oidc.agree(begun.body.authorization_url);
    const callback = Object.fromEntries(back.searchParams);
    const stranger = await rig.call<{ code: string }>(vigiles, 'POST', '/api/v1/oauth/callback', {
      token: await vigiles.pairDevice('stranger', ['config']),
      body: callback,
    });
    const done = await rig.call<{ connection: { status: string; account: string } }>(
      vigiles,
      'POST',
      '/api/v1/oauth/callback',
      { body: callback },
    );
    saw(stranger.body.code === 'oauth_state_invalid', `somebody else's callback: ${stranger.body.code}`);
    saw(
      done.body.connection?.status === 'connected',
      `${done.body.connection?.account} is ${done.body.connection?.status}`,
    );

    const short = await form('/oauth/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: token,
      subject_token_type: accessToken,
      audience: 'oauth:home',
    });
    const ask = (path: string) =>
      rig.call<{ sub?: string; code?: string }>(vigiles, 'GET', path, { token: short.access_token ?? '' });
    const me = await ask('/api/v1/oauth/home/proxy/me');
    const beside = await ask('/api/v1/oauth/home/proxy/keys');
    saw(
      me.body.sub === 'ada' && beside.body.code === 'oauth_path_not_allowed',
      `through a token for ${short.expires_in} s: ${me.body.sub}; beside what is allowed: ${beside.body.code}`,
    );

    const agent = await vigiles.pairDevice('agent', ['gateway']);
    const turn = async (): Promise<number> => {
      const answer = await fetch(`${vigiles.gatewayUrl}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${agent}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'paid/m', messages: [{ role: 'user', content: 'hi' }] }),
      });
      await answer.arrayBuffer();
      return answer.status;
    };
    await waitFor('a turn with the account', async () => (await turn()) === 200);
    saw(true, 'the gateway pays a model provider with the connected account');
    await rig.call(vigiles, 'POST', '/api/v1/oauth/home/refresh');
    saw(
      oidc.events.filter((name) => name === 'refresh_token.consumed').length === 1,
      'renewed: the refresh token was used once and replaced',
    );
    oidc.withdraw();
    const gone = await ask('/api/v1/oauth/home/proxy/me');
    const listed = await rig.cli(vigiles, 'oauth', 'list');
    saw(
      gone.body.code === 'oauth_expired' && /home +home +expired/.test(listed.out),
      `withdrawn at the provider: ${gone.body.code}, and told so on the command line`,
    );
    const unpaid = await waitFor('the gateway to stop', async () => {
      const status = await turn();
      return status === 200 ? null : status;
    });
    saw(unpaid !== 200, `withdrawn: the gateway's turns with it are refused (${unpaid})`);
    await rig.call(vigiles, 'DELETE', `/api/v1/devices/${given[0]?.device_id ?? ''}`);
    const ended = await ask('/api/v1/oauth/home/proxy/me');
    saw(ended.status === 401, `its device revoked: ${ended.status}`);

    const texts = [
      vigiles.output(),
      JSON.stringify((await rig.call(vigiles, 'GET', '/api/v1/events?limit=500')).body),
    ];
    const secrets = [...oidc.given, oidc.clientSecret, token, short.access_token ?? ''];
    saw(
      secrets.length > 4 && secrets.every((secret) => texts.every((text) => !text.includes(secret))),
      `none of ${secrets.length} marked secrets in logs or events`,
    );
    return seen;
  },
};
