import * as oauth from 'oauth4webapi';
import type { Egress } from '../../platform/egress/index.ts';
import type { ProviderClient } from './provider-client.ts';
import type { Tokens } from './sign-in.ts';

/** Has the provider end what it gave. True: it said so. Never rejects for what the provider does. */
export async function revokeAtProvider(
  client: ProviderClient,
  tokens: Tokens,
  egress: Pick<Egress, 'fetch'>,
): Promise<boolean> {
  const { preset, server, clientId, clientSecret } = client;
  const url = server.revocation_endpoint;
  const style = url === undefined ? 'none' : preset.revocation === 'none' ? 'rfc7009' : preset.revocation;
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret ?? ''}`).toString('base64')}`;
  const send = async (
    method: 'POST' | 'DELETE',
    to: string,
    headers: Record<string, string>,
    body: object | null,
  ): Promise<boolean> => {
    const answer = await egress.fetch({
      url: to,
      reach: 'configured',
      method,
      headers: { ...headers, accept: 'application/json', 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
      manual: true,
      maxBytes: 64 * 1024,
      timeoutMs: 10_000,
    });
    return answer.ok && answer.value.status < 300;
  };
  switch (style) {
    case 'none':
      return false;
    case 'github':
      return send(
        'DELETE',
        (url ?? '').replace('{client_id}', encodeURIComponent(clientId)),
        { authorization: basic },
        { access_token: tokens.access },
      );
    case 'json':
      return send('POST', url ?? '', { authorization: basic }, { token: tokens.access });
    case 'slack':
      return send('POST', url ?? '', { authorization: `Bearer ${tokens.access}` }, null);
    case 'rfc7009': {
      try {
        // The refresh token first: with it a provider ends what came of it, RFC 7009 §2.1.
        for (const token of [tokens.refresh, tokens.access]) {
          if (token === null) continue;
          const response = await oauth.revocationRequest(
            server,
            client.client,
            client.auth,
            token,
            client.through,
          );
          await oauth.processRevocationResponse(response);
        }
        return true;
      } catch {
        return false;
      }
    }
  }
}
