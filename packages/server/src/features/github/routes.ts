import {
  ActionRun,
  CiPattern,
  CiRun,
  CiRunDetail,
  CiRunState,
  FlakyTest,
  GithubHealth,
  GithubSync,
  GithubSyncRequest,
} from '@vigiles/contract';
import { z } from 'zod';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { GithubService } from './service.ts';

const common = { tag: 'github', audit: 'none', tier: 'standard' } as const;
const RunId = z.object({ id: z.string().regex(/^\d{1,20}$/, 'the number of a run') });
const whole = (least: number, most: number, otherwise: number) =>
  z.coerce.number().int().min(least).max(most).default(otherwise);
const filter = { repository: z.string().max(200).optional() };

/** CI under watch over HTTP; those that the earlier server had also at its unversioned paths. */
export function githubRoutes(service: GithubService): Route[] {
  const health = (path: string, operationId: string): Route =>
    defineRoute({
      ...common,
      method: 'GET',
      path,
      operationId,
      summary: 'How things stand with GitHub: credentials, webhook, polling, what was healed',
      scope: 'read',
      success: GithubHealth,
      faults: [],
      handle: () => service.health(),
    });
  const sync = (path: string, operationId: string): Route =>
    defineRoute({
      ...common,
      method: 'POST',
      path,
      operationId,
      summary: 'Pull or push the working copy: fast-forward only, one ref, never by force',
      scope: 'operate',
      audit: 'github.sync',
      tier: 'heavy',
      body: GithubSyncRequest,
      success: GithubSync,
      faults: ['sync_not_configured', 'repository_not_allowed', 'sync_url_invalid', 'sync_busy'],
      handle: ({ body, identity }) => service.sync(body.action, `device:${identity.deviceId}`, body.dry_run),
    });
  return [
    health('/api/v1/github/health', 'githubHealth'),
    health('/api/github/health', 'githubHealthUnversioned'),
    sync('/api/v1/github/sync', 'githubSync'),
    sync('/api/github/sync', 'githubSyncUnversioned'),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/github/runs',
      operationId: 'listCiRuns',
      summary: 'Runs of workflows, newest first, each with its verdict and what was done',
      scope: 'read',
      query: z.object({
        ...filter,
        workflow: z.string().max(200).optional(),
        branch: z.string().max(300).optional(),
        state: CiRunState.optional(),
        limit: whole(1, 200, 50),
        cursor: z.string().max(100).optional(),
      }),
      success: z.object({ runs: z.array(CiRun), next: z.string().nullable() }),
      faults: ['invalid_cursor'],
      handle: ({ query }) => service.runs(query),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/github/runs/:id',
      operationId: 'getCiRun',
      summary: 'One run with its attempts, jobs, relevant log lines and re-runs',
      scope: 'read',
      params: RunId,
      success: CiRunDetail,
      faults: ['unknown_ci_run'],
      handle: ({ params }) => service.run(params.id),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/github/runs/:id/retry',
      operationId: 'retryCiRun',
      summary: 'Re-run the failed jobs of a run; GitHub’s limits hold, the limits of Vigiles itself do not',
      scope: 'operate',
      audit: 'github.retry',
      params: RunId,
      body: z.object({ reason: z.string().trim().min(1).max(1000) }),
      success: z.object({ run: CiRun, action: ActionRun }),
      successStatus: 202,
      faults: ['unknown_ci_run', 'action_refused', 'action_busy'],
      handle: ({ params, body, identity }) =>
        service.retry(params.id, body.reason, `device:${identity.deviceId}`),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/github/patterns',
      operationId: 'listCiPatterns',
      summary: 'How runs failed, by workflow and kind, with the days and the trend',
      scope: 'read',
      query: z.object({ ...filter, days: whole(2, 90, 14), limit: whole(1, 500, 100) }),
      success: z.object({ patterns: z.array(CiPattern) }),
      faults: [],
      handle: ({ query }) => service.patterns(query),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/github/flaky',
      operationId: 'listFlakyTests',
      summary: 'Tests and jobs that failed and passed on the same commit',
      scope: 'read',
      query: z.object({ ...filter, limit: whole(1, 500, 100) }),
      success: z.object({ tests: z.array(FlakyTest) }),
      faults: [],
      handle: ({ query }) => service.flaky(query),
    }),
  ];
}
