import { accessSync, constants, statfsSync } from 'node:fs';
import type { Incident, Service, Status } from '@vigiles/contract';
import { connect, type Api } from '../client/api.ts';
import { readControlFile } from '../client/control-file.ts';
import { faultProblems, listServices } from '../client/resources.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { say, sayJson } from '../output/print.ts';
import type { ConfigAnswer } from '../views/config.ts';
import type { HomeState } from '../views/health.ts';

export interface ShowOptions {
  home?: string;
  json?: boolean;
}

/** Prints exactly the API's answer with `--json`, else what the view makes of it. */
async function show<T>(
  { home, json }: ShowOptions,
  ask: (api: Api) => Promise<T>,
  view: (answer: T) => Promise<string>,
): Promise<void> {
  const answer = await ask(connect(homeOf(home)));
  if (json) sayJson(answer);
  else say(await view(answer));
}

export const showStatus = (options: ShowOptions) =>
  show(
    options,
    (api) => api.get<Status>('/api/v1/status'),
    async (status) => (await import('../views/status.ts')).statusView(status),
  );

export const showServices = (options: ShowOptions) =>
  show(
    options,
    (api) => api.get<{ services: Service[] }>('/api/v1/services'),
    async ({ services }) => (await import('../views/services.ts')).servicesView(services),
  );

export const showIncidents = (options: ShowOptions & { all?: boolean }) =>
  show(
    options,
    (api) => api.get<{ incidents: Incident[] }>('/api/v1/incidents'),
    async ({ incidents }) =>
      (await import('../views/incidents.ts')).incidentsView(options.all ? incidents : incidents.slice(0, 20)),
  );

export const showConfig = (options: ShowOptions) =>
  show(
    options,
    (api) => api.get<ConfigAnswer>('/api/v1/config'),
    async (answer) => (await import('../views/config.ts')).configView(answer),
  );

/** Whether Vigiles can write into its folder, and how much room there is; null where it runs on another machine. */
function homeState(path: string): HomeState | null {
  if (!readControlFile(path)) return null;
  try {
    accessSync(path, constants.W_OK);
    const { bavail, bsize } = statfsSync(path);
    return { path, writable: true, freeBytes: bavail * bsize };
  } catch {
    return { path, writable: false, freeBytes: 0 };
  }
}

/** Ends with exit code 4 when something that matters does not work. */
export async function showHealth({ home, json }: ShowOptions): Promise<void> {
  const api = connect(homeOf(home));
  const { healthChecks, healthView, isHealthy } = await import('../views/health.ts');
  const [health, status, services, refused] = await Promise.all([
    api.get<unknown>('/health'),
    api.get<Status>('/api/v1/status'),
    listServices(api),
    faultProblems(api),
  ]);
  const checks = healthChecks(status, services, refused, homeState(homeOf(home)));
  if (json) sayJson(health);
  else say(healthView(checks));
  if (!isHealthy(checks)) throw new CliError('', exitCode.unhealthy);
}
