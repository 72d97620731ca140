// Written by npm run gen. Do not edit.
import { action as alertUser } from './alert-user.ts';
import { action as ignore } from './ignore.ts';
import { action as killStaleProcesses } from './kill-stale-processes.ts';
import { action as restartService } from './restart-service.ts';
import { action as startService } from './start-service.ts';
import { action as stopService } from './stop-service.ts';

export const actions = {
  'alert-user': alertUser,
  ignore,
  'kill-stale-processes': killStaleProcesses,
  'restart-service': restartService,
  'start-service': startService,
  'stop-service': stopService,
} as const;
