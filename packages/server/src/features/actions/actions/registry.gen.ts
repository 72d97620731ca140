// Written by npm run gen. Do not edit.
import { action as alertUser } from './alert-user.ts';
import { action as backUp } from './back-up.ts';
import { action as cleanupStale } from './cleanup-stale.ts';
import { action as clearSchemaCache } from './clear-schema-cache.ts';
import { action as deleteProviderCaps } from './delete-provider-caps.ts';
import { action as deleteSession } from './delete-session.ts';
import { action as freePort } from './free-port.ts';
import { action as haltSession } from './halt-session.ts';
import { action as ignore } from './ignore.ts';
import { action as increaseTimeout } from './increase-timeout.ts';
import { action as killStaleProcesses } from './kill-stale-processes.ts';
import { action as regenerateConfig } from './regenerate-config.ts';
import { action as rerunFailedJobs } from './rerun-failed-jobs.ts';
import { action as restartContainer } from './restart-container.ts';
import { action as restartService } from './restart-service.ts';
import { action as restartUnit } from './restart-unit.ts';
import { action as resumeSession } from './resume-session.ts';
import { action as retryWithBackoff } from './retry-with-backoff.ts';
import { action as rollbackSession } from './rollback-session.ts';
import { action as rotateLog } from './rotate-log.ts';
import { action as runScript } from './run-script.ts';
import { action as sendMail } from './send-mail.ts';
import { action as startService } from './start-service.ts';
import { action as stopAgent } from './stop-agent.ts';
import { action as stopService } from './stop-service.ts';
import { action as suggestSwitchModel } from './suggest-switch-model.ts';
import { action as switchFeature } from './switch-feature.ts';
import { action as switchProvider } from './switch-provider.ts';
import { action as waitRetryAfter } from './wait-retry-after.ts';

export const actions = {
  'alert-user': alertUser,
  'back-up': backUp,
  'cleanup-stale': cleanupStale,
  'clear-schema-cache': clearSchemaCache,
  'delete-provider-caps': deleteProviderCaps,
  'delete-session': deleteSession,
  'free-port': freePort,
  'halt-session': haltSession,
  ignore,
  'increase-timeout': increaseTimeout,
  'kill-stale-processes': killStaleProcesses,
  'regenerate-config': regenerateConfig,
  'rerun-failed-jobs': rerunFailedJobs,
  'restart-container': restartContainer,
  'restart-service': restartService,
  'restart-unit': restartUnit,
  'resume-session': resumeSession,
  'retry-with-backoff': retryWithBackoff,
  'rollback-session': rollbackSession,
  'rotate-log': rotateLog,
  'run-script': runScript,
  'send-mail': sendMail,
  'start-service': startService,
  'stop-agent': stopAgent,
  'stop-service': stopService,
  'suggest-switch-model': suggestSwitchModel,
  'switch-feature': switchFeature,
  'switch-provider': switchProvider,
  'wait-retry-after': waitRetryAfter,
} as const;
