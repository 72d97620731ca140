import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import type { egressFetch } from './egress-fetch.ts';

/** What it signs in with. */
export type Credentials =
  | { kind: 'app'; id: string; privateKey: string; installationId: number }
  | { kind: 'token' | 'gh'; token: string };

export interface OctokitOptions {
  baseUrl: string;
  credentials: Credentials;
  fetch: ReturnType<typeof egressFetch>;
  userAgent: string;
  /** Names its own limits apart from those of others in this process. */
  id: string;
  /** How long a second is when it waits before a further try: less in tests. Milliseconds. */
  secondMs: number;
}

/** Longer waits are told to whoever asks instead of being waited for here. Seconds. */
const longestWaitS = 20;

const Client = Octokit.plugin(throttling, retry);
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** GitHub's own client, with its manners: paced, patient with limits, through our way out. Loaded when it is needed only. */
export function createOctokit({ baseUrl, credentials, fetch, userAgent, id, secondMs }: OctokitOptions) {
  const patient = (retryAfter: number, _options: unknown, _client: unknown, tried: number): boolean =>
    tried < 1 && retryAfter <= longestWaitS;
  const auth =
    credentials.kind === 'app'
      ? {
          authStrategy: createAppAuth,
          auth: {
            appId: credentials.id,
            privateKey: credentials.privateKey,
            installationId: credentials.installationId,
          },
        }
      : { auth: credentials.token };
  return new Client({
    ...auth,
    baseUrl: baseUrl.replace(/\/$/, ''),
    userAgent,
    log: silent,
    request: { fetch },
    retry: {
      retries: 2,
      retryAfterBaseValue: secondMs,
      doNotRetry: [304, 400, 401, 403, 404, 409, 410, 422, 429, 451],
    },
    throttle: {
      id,
      retryAfterBaseValue: secondMs,
      fallbackSecondaryRateRetryAfter: 60,
      onRateLimit: patient,
      onSecondaryRateLimit: patient,
    },
  });
}

export type GithubOctokit = ReturnType<typeof createOctokit>;
