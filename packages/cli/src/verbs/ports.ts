import { resolve } from 'node:path';
import {
  PortRegistration,
  PortReservation,
  type ActionRun,
  type PortCheck,
  type PortEnv,
  type PortHealing,
  type PortListener,
  type PortProcess,
  type PortService,
  type PortsReport,
} from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { clean } from '../output/clean.ts';
import { say, sayJson } from '../output/print.ts';
import { conflictsView, listenersView, namedPort, portsView, processLine } from '../views/ports.ts';
import { asRefusal, follow } from './action.ts';

interface Options {
  home?: string;
  json?: boolean;
}

const base = '/api/v1/ports';
const api = ({ home }: Options) => connect(homeOf(home));

function portOf(text: string): number {
  const port = Number(text.replace(/^:/, ''));
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new CliError(`“${clean(text)}” is no port: 1 to 65535.`, exitCode.usage);
  return port;
}

/** `3000` and `:3000` are ports, anything else is a name. */
const wantedOf = (text: string): { port: number } | { name: string } =>
  /^:|^\d+$/.test(text) ? { port: portOf(text) } : { name: text };

const queryOf = (wanted: { port: number } | { name: string }): string =>
  'port' in wanted ? `port=${wanted.port}` : `name=${encodeURIComponent(wanted.name)}`;

/** `vigiles ports` */
export async function portStatusVerb(options: Options): Promise<void> {
  const report = await api(options).get<PortsReport>(`${base}/status`);
  if (options.json) sayJson(report);
  else say(portsView(report));
}

/** `vigiles ports listeners` */
export async function portListenersVerb(options: Options): Promise<void> {
  const answer = await api(options).get<{ listeners: PortListener[] }>(`${base}/listeners`);
  if (options.json) sayJson(answer);
  else say(listenersView(answer.listeners));
}

/** `vigiles ports conflicts`; ends with 4 when there are some. */
export async function portConflictsVerb(options: Options): Promise<void> {
  const answer = await api(options).get<Pick<PortsReport, 'conflicts'>>(`${base}/conflicts`);
  if (options.json) sayJson(answer);
  else say(conflictsView(answer.conflicts));
  if (answer.conflicts.length > 0) throw new CliError('', exitCode.unhealthy);
}

/** `vigiles ports check <port|name>`; ends with 5 when nothing may be started there. */
export async function portCheckVerb(text: string, options: Options): Promise<void> {
  const check = await api(options).get<PortCheck>(`${base}/check?${queryOf(wantedOf(text))}`);
  if (options.json) sayJson(check);
  else say(check.free ? `${check.port} is free` : `${check.port} is not free: ${clean(check.reason ?? '')}`);
  if (!check.free) throw new CliError('', exitCode.refused);
}

/** `vigiles ports available [from]` */
export async function portAvailableVerb(
  from: string | undefined,
  options: Options & { count: number },
): Promise<void> {
  const start = from === undefined ? '' : `from=${portOf(from)}&`;
  const answer = await api(options).get<{ ports: number[] }>(
    `${base}/available?${start}count=${options.count}`,
  );
  if (options.json) sayJson(answer);
  else say(answer.ports.join('\n'));
}

/** `vigiles ports kill <port|name>`: what is seen now is named, so that nothing else is ended. */
export async function portKillVerb(
  text: string,
  options: Options & { reason?: string; wait?: boolean },
): Promise<void> {
  const wanted = wantedOf(text);
  const client = api(options);
  const seen = await client.get<PortCheck>(`${base}/check?${queryOf(wanted)}`);
  if (!options.json) for (const each of seen.processes) say(processLine(each));
  const pinned = seen.processes.map(({ pid, start_time }: PortProcess) => ({ pid, start_time }));
  const run = await client
    .send<ActionRun>('POST', `${base}/ports/${seen.port}/kill`, {
      ...(pinned.length > 0 ? { processes: pinned } : {}),
      reason: options.reason ?? 'asked for on the command line',
    })
    .catch(asRefusal);
  await follow(client, run, options);
}

const sayNamed = (service: PortService, { json }: Options): void =>
  json ? sayJson(service) : say(namedPort(service));

const folderOf = (folder: string | undefined) => (folder === undefined ? {} : { folder: resolve(folder) });

/** `vigiles ports register <name> [port]` */
export async function portRegisterVerb(
  name: string,
  port: string | undefined,
  options: Options & { environment: string; service?: string; folder?: string },
): Promise<void> {
  const wanted = PortRegistration.safeParse({
    name,
    ...(port === undefined ? {} : { port: portOf(port) }),
    environment: options.environment,
    ...(options.service === undefined ? {} : { service: options.service }),
    ...folderOf(options.folder),
  });
  if (!wanted.success) throw usage(wanted.error);
  sayNamed(await api(options).send<PortService>('POST', `${base}/register`, wanted.data), options);
}

/** `vigiles ports reserve <name>` */
export async function portReserveVerb(
  name: string,
  options: Options & { owner: string; from: number; ttl: number; environment: string; folder?: string },
): Promise<void> {
  const { owner, from, ttl, environment } = options;
  const wanted = PortReservation.safeParse({
    name,
    owner,
    from,
    ttl_s: ttl,
    environment,
    ...folderOf(options.folder),
  });
  if (!wanted.success) throw usage(wanted.error);
  sayNamed(await api(options).send<PortService>('POST', `${base}/reserve`, wanted.data), options);
}

/** `vigiles ports reassign <name> [port]` */
export async function portReassignVerb(
  name: string,
  port: string | undefined,
  options: Options,
): Promise<void> {
  const body = { name, ...(port === undefined ? {} : { port: portOf(port) }) };
  sayNamed(await api(options).send<PortService>('POST', `${base}/reassign`, body), options);
}

/** `vigiles ports release <name>` */
export async function portReleaseVerb(name: string, options: Options): Promise<void> {
  const answer = await api(options).send('POST', `${base}/unregister`, { name });
  if (options.json) sayJson(answer);
  else say(`${clean(name)} is released`);
}

/** `vigiles ports env` */
export async function portEnvVerb(options: Options & { environment?: string }): Promise<void> {
  const query =
    options.environment === undefined ? '' : `?environment=${encodeURIComponent(options.environment)}`;
  const answer = await api(options).get<PortEnv>(`${base}/env${query}`);
  if (options.json) sayJson(answer);
  else if (answer.script !== '') say(answer.script.trimEnd());
}

/** `vigiles ports heal`; ends with 4 when conflicts are left. */
export async function portHealVerb(options: Options): Promise<void> {
  const answer = await api(options).send<PortHealing>('POST', `${base}/heal`, undefined, 100_000);
  if (options.json) sayJson(answer);
  else {
    for (const { action, target, outcome } of answer.runs)
      say(`${action} ${clean(target)}: ${outcome ?? ''}`);
    say(conflictsView(answer.conflicts));
  }
  if (answer.conflicts.length > 0) throw new CliError('', exitCode.unhealthy);
}

const usage = ({ issues }: { issues: readonly { path: PropertyKey[]; message: string }[] }): CliError =>
  new CliError(
    issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('\n'),
    exitCode.usage,
  );
