import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';
import type { Mail, MailDetail, MailPage, MailState, MailStatus } from '@vigiles/contract';
import { api } from './api.ts';

const base = '/api/v1/mail';
const fromTheStart = (): string | undefined => undefined;

export const mailStatusQuery = queryOptions({
  queryKey: ['mail', 'status'],
  queryFn: ({ signal }) => api.get<MailStatus>(`${base}/status`, {}, signal),
});

/** @param state states, separated by commas; absent: all */
export const outboxQuery = (state: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['mail', 'outbox', state ?? ''],
    queryFn: ({ pageParam, signal }) =>
      api.get<MailPage>(`${base}/outbox`, { state, before: pageParam, limit: 50 }, signal),
    initialPageParam: fromTheStart(),
    getNextPageParam: ({ next }) => next,
  });

export const mailQuery = (id: string) =>
  queryOptions({
    queryKey: ['mail', 'one', id],
    queryFn: ({ signal }) => api.get<MailDetail>(`${base}/outbox/${encodeURIComponent(id)}`, {}, signal),
  });

/** What a person can do with a mail. */
export type MailVerb = 'retry' | 'discard' | 'approve' | 'deny';

export const actOnMail = (id: string, verb: MailVerb, state: MailState): Promise<Mail> =>
  api.post(
    `${base}/outbox/${encodeURIComponent(id)}/${verb}`,
    // Asked of a person before.
    verb === 'retry' && state === 'uncertain' ? { confirm: true } : {},
  );

/** Signs in at the mail server now. */
export const checkMail = (): Promise<MailStatus> => api.get(`${base}/status`, { check: 'true' });

let refreshing = false;

/** Something became of a mail; a burst asks once. */
export function refreshMail(client: QueryClient): void {
  if (refreshing) return;
  refreshing = true;
  setTimeout(() => {
    refreshing = false;
    void client.invalidateQueries({ queryKey: ['mail'] });
  }, 300);
}
