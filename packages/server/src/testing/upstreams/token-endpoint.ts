import {
  startScriptedUpstream,
  answerJson,
  type SeenRequest,
  type ScriptedUpstream,
} from './scripted-upstream.ts';

/** A stand-in for an OAuth token endpoint. */
export interface TokenEndpoint {
  url: string;
  upstream: ScriptedUpstream;
  /** The forms it was sent. */
  forms(): Record<string, string>[];
  /** Whether a bearer token is one it gave out and that has not been taken back. */
  knows(authorization: string | undefined): boolean;
  /** Every token so far is refused from now on. */
  takeBack(): void;
  close(): Promise<void>;
}

export interface TokenRules {
  /** Why a form is refused (an RFC 6749 error code), or null. */
  check(form: Record<string, string>, seen: SeenRequest): string | null;
  /** Fields beside the access token. */
  more?(form: Record<string, string>): object;
  expiresInS?: number;
}

export async function startTokenEndpoint({
  check,
  more,
  expiresInS = 3600,
}: TokenRules): Promise<TokenEndpoint> {
  const good = new Set<string>();
  let count = 0;
  const formOf = ({ body }: SeenRequest) => Object.fromEntries(new URLSearchParams(body.toString()));
  const upstream = await startScriptedUpstream((seen, res) => {
    const form = formOf(seen);
    const error =
      seen.headers['content-type'] === 'application/x-www-form-urlencoded'
        ? check(form, seen)
        : 'invalid_request';
    if (error !== null) {
      // Some endpoints repeat what they were sent.
      const error_description = `refused ${form['refresh_token'] ?? ''} ${form['client_secret'] ?? ''}`;
      return answerJson(res, 400, { error, error_description });
    }
    const access_token = `access-token-${++count}`;
    good.add(`Bearer ${access_token}`);
    return answerJson(res, 200, {
      access_token,
      token_type: 'Bearer',
      expires_in: expiresInS,
      ...more?.(form),
    });
  });
  return {
    url: `${upstream.origin}/token`,
    upstream,
    forms: () => upstream.requests.map(formOf),
    knows: (authorization) => authorization !== undefined && good.has(authorization),
    takeBack: () => good.clear(),
    close: () => upstream.close(),
  };
}
