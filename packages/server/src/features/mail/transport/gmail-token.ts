import { z } from 'zod';
import type { MailTransportConfig } from '@vigiles/contract';
import type { Egress } from '../../../platform/egress/index.ts';

type Gmail = Extract<MailTransportConfig, { type: 'gmail' }>;

/** `expired`: Google does not take the refresh token any more (`invalid_grant`); a person has to sign in again. */
export type Token =
  | { kind: 'token'; value: string }
  | { kind: 'expired'; reason: string }
  | { kind: 'refused'; reason: string }
  | { kind: 'later'; reason: string };

/** RFC 6749 5.1. */
const Granted = z.object({ access_token: z.string().min(1).max(8192), expires_in: z.number().default(3600) });
/** RFC 6749 5.2. */
const Refused = z.object({ error: z.string().max(100) });

/** A token is renewed so long before it ends. */
const marginMs = 60_000;

/** Access tokens for Gmail. One that was refused for good is not asked for again until the refresh token is another one. */
export function createGmailTokens(egress: Pick<Egress, 'fetch'>, now: () => number) {
  let held: { refresh: string; value: string; until: number } | null = null;
  let dead: { refresh: string; reason: string } | null = null;
  /** The renewal under way: who wants a token meanwhile waits for it, and asks nobody. */
  let renewing: { refresh: string; token: Promise<Token> } | null = null;

  function renewed(config: Gmail): Promise<Token> {
    const refresh = config.refresh_token;
    if (renewing?.refresh === refresh) return renewing.token;
    const mine = {
      refresh,
      token: renew(config).finally(() => {
        if (renewing === mine) renewing = null;
      }),
    };
    renewing = mine;
    return mine.token;
  }

  async function renew(config: Gmail): Promise<Token> {
    const answer = await egress.fetch({
      url: config.token_url,
      reach: 'configured',
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: config.refresh_token,
        client_id: config.client_id,
        client_secret: config.client_secret,
      }).toString(),
      maxBytes: 65_536,
      timeoutMs: 20_000,
    });
    if (!answer.ok) return { kind: 'later', reason: answer.fault.message };
    const { status, body } = answer.value;
    let said: unknown;
    try {
      said = JSON.parse(body.toString('utf8'));
    } catch {
      said = null;
    }
    const granted = Granted.safeParse(said);
    if (status === 200 && granted.success) {
      const { access_token: value, expires_in: seconds } = granted.data;
      held = { refresh: config.refresh_token, value, until: now() + seconds * 1000 - marginMs };
      return { kind: 'token', value };
    }
    const { error = '' } = Refused.safeParse(said).data ?? {};
    if (error === 'invalid_grant') {
      const reason = 'Google does not take the refresh token any more (invalid_grant): sign in again';
      dead = { refresh: config.refresh_token, reason };
      return { kind: 'expired', reason };
    }
    if (status >= 500 || status === 429)
      return { kind: 'later', reason: `the token server answered ${status}` };
    const why = /^[a-z_]{1,60}$/.test(error) ? ` (${error})` : '';
    return { kind: 'refused', reason: `no access token: the token server answered ${status}${why}` };
  }

  return {
    /** @param anew also where the last refusal was final: a person asks */
    async get(config: Gmail, signal: AbortSignal, anew = false): Promise<Token> {
      if (held?.refresh === config.refresh_token && held.until > now())
        return { kind: 'token', value: held.value };
      if (dead?.refresh === config.refresh_token && !anew) return { kind: 'expired', reason: dead.reason };
      dead = null;
      const gone = Promise.withResolvers<Token>();
      const leave = (): void => gone.resolve({ kind: 'later', reason: 'nobody waited for the access token' });
      if (signal.aborted) leave();
      signal.addEventListener('abort', leave, { once: true });
      try {
        return await Promise.race([renewed(config), gone.promise]);
      } finally {
        signal.removeEventListener('abort', leave);
      }
    },
    /** The server did not take it: the next one is a new one. */
    drop(): void {
      held = null;
    },
  };
}

export type GmailTokens = ReturnType<typeof createGmailTokens>;
