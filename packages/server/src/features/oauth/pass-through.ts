import type { Identity, OauthProviderConfig } from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import type { PassedAnswer } from '../../kernel/route.ts';
import type { Egress, EgressAnswer } from '../../platform/egress/index.ts';
import { presetOf } from './core/presets.ts';
import { passedAddress } from './core/proxy-path.ts';
import { expired } from './faults.ts';
import type { createRenewal } from './renewal.ts';

/** What of an answer is passed on besides its body. */
const passedOn = /^(content-type|etag|last-modified|link|retry-after|x-ratelimit-[a-z-]+|ratelimit-[a-z-]+)$/;
const timeoutMs = 60_000;

export interface Passed {
  provider: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Decoded, with its first slash. */
  path: string;
  query: readonly (readonly [string, string])[];
  headers: Readonly<Record<string, string>>;
  body: Buffer | undefined;
  signal: AbortSignal;
}

export interface PassThroughDeps {
  renewal: Pick<ReturnType<typeof createRenewal>, 'usable'>;
  egress: Pick<Egress, 'fetch'>;
  provider(id: string): OauthProviderConfig;
}

/** Takes a token out of what a provider answered: some repeat what they were sent. */
function without(bytes: Buffer, token: string): Buffer {
  const forms = [token, encodeURIComponent(token), Buffer.from(token).toString('base64')];
  if (!forms.some((form) => bytes.includes(form))) return bytes;
  // Byte by byte as Latin-1, so that nothing else of the answer changes.
  let text = bytes.toString('latin1');
  for (const form of forms) text = text.replaceAll(form, '[redacted]');
  return Buffer.from(text, 'latin1');
}

/** Asks a provider for a device, with the account of the house. The provider’s token never leaves Vigiles. */
export function createPassThrough({ renewal, egress, provider }: PassThroughDeps) {
  return async function pass(asked: Passed, identity: Identity): Promise<PassedAnswer> {
    const config = provider(asked.provider);
    const preset = presetOf(config.preset, config.id);
    if (identity.short?.audience !== `oauth:${config.id}`)
      raise(
        fault(
          'forbidden',
          'oauth_short_token_needed',
          `Exchange your token for a short one first: POST /oauth/token with audience=oauth:${config.id}.`,
        ),
      );
    const base = config.proxy.base_url ?? preset.apiUrl;
    const url = base && passedAddress(base, config.proxy.allow, asked.method, asked.path, asked.query);
    if (!url)
      return raise(
        fault('forbidden', 'oauth_path_not_allowed', `oauth.providers does not allow ${asked.method} there.`),
      );
    const ask = (access: string) =>
      egress.fetch({
        url,
        reach: 'configured',
        method: asked.method,
        headers: {
          accept: 'application/json',
          ...preset.apiHeaders,
          ...config.proxy.headers,
          ...asked.headers,
          authorization: `Bearer ${access}`,
        },
        ...(asked.body && asked.body.length > 0 ? { body: asked.body } : {}),
        // Followed nowhere: another address must not get the token.
        manual: true,
        timeoutMs,
        signal: asked.signal,
      });
    let answer: EgressAnswer | null = null;
    let access = '';
    let refusedGeneration: number | undefined;
    // A token may be withdrawn before its time: it is renewed once, and whoever cannot be renewed has expired.
    for (let tries = 0; tries < 2; tries += 1) {
      const token = await renewal.usable(config.id, refusedGeneration);
      if (!token.ok) return raise(token.fault);
      ({ access, generation: refusedGeneration } = token.value);
      const asking = await ask(access);
      if (!asking.ok) return raise(asking.fault);
      answer = asking.value;
      if (answer.status !== 401) break;
    }
    // As it is, 401 would tell the device that its own token is wrong.
    if (!answer || answer.status === 401) return raise(expired(preset.label));
    const headers = Object.fromEntries(
      Object.entries(answer.headers)
        .filter(([name]) => passedOn.test(name))
        .map(([name, value]) => [name, without(Buffer.from(value), access).toString()]),
    );
    return {
      status: answer.status,
      headers: {
        ...headers,
        'cache-control': 'no-store',
        // Somebody else's content must not act as a page of ours.
        'content-security-policy': "default-src 'none'; sandbox",
        'content-disposition': 'attachment',
      },
      body: without(answer.body, access),
    };
  };
}
