import { Cron } from 'croner';
import { checkProblems } from './check-problems.ts';
import { didYouMean } from './suggest.ts';
import type { Path } from './yaml-source.ts';

/** Something that only shows when several fields are seen together. */
export interface CrossProblem {
  path: Path;
  message: string;
}

type Loose = Record<string, unknown>;
const isRecord = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const at = (value: unknown, key: string): unknown => (isRecord(value) ? value[key] : undefined);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Providers that exist without an entry: the scripted one, and those that are looked for on this machine. */
export const builtInProviders = ['demo'];
export const discoverableProviders = ['ollama', 'lmstudio', 'lm-studio', 'vllm', 'llamacpp', 'llama-cpp'];

/** The gateway is the first entry of the watchdog's own list. */
const builtInServices = ['gateway'];

function duplicates(names: (string | undefined)[], field: string, base: Path, what: string): CrossProblem[] {
  return names.flatMap((name, i) =>
    name !== undefined && names.indexOf(name) < i
      ? [{ path: [...base, i, field], message: `${what} "${name}" is given twice` }]
      : [],
  );
}

function gatewayProblems(gateway: unknown, accounts: readonly string[]): CrossProblem[] {
  const ids = list(at(gateway, 'providers')).map((provider) => text(at(provider, 'id')));
  const found = at(gateway, 'discover_local') === false ? [] : discoverableProviders;
  const known = [...ids.filter((id) => id !== undefined), ...builtInProviders, ...found];
  const problems = duplicates(ids, 'id', ['gateway', 'providers'], 'provider');
  for (const [i, provider] of list(at(gateway, 'providers')).entries()) {
    const account = text(at(provider, 'oauth_account'));
    if (account === undefined || accounts.includes(account)) continue;
    problems.push({
      path: ['gateway', 'providers', i, 'oauth_account'],
      message: `there is no "${account}" in oauth.providers${didYouMean(account, accounts)}`,
    });
  }
  for (const [i, route] of list(at(gateway, 'routes')).entries()) {
    const provider = text(at(route, 'provider'));
    if (provider !== undefined && !known.includes(provider)) {
      problems.push({
        path: ['gateway', 'routes', i, 'provider'],
        message: `there is no provider "${provider}"${didYouMean(provider, known)}`,
      });
    }
    const model = text(at(route, 'model'));
    if (model !== undefined && model.slice(0, -1).includes('*')) {
      problems.push({ path: ['gateway', 'routes', i, 'model'], message: '* is only allowed at the end' });
    }
  }
  const fallback = text(at(gateway, 'default_provider'));
  if (fallback !== undefined && !known.includes(fallback)) {
    problems.push({
      path: ['gateway', 'default_provider'],
      message: `there is no provider "${fallback}"${didYouMean(fallback, known)}`,
    });
  }
  return problems;
}

/** Cycles, each told once, at the first service on it. */
function cycles(dependencies: ReadonlyMap<string, { index: number; on: string[] }>): CrossProblem[] {
  const problems: CrossProblem[] = [];
  const done = new Set<string>();
  const visit = (name: string, trail: string[]): void => {
    const start = trail.indexOf(name);
    if (start >= 0) {
      const index = dependencies.get(name)?.index ?? 0;
      const circle = [...trail.slice(start), name].join(' → ');
      problems.push({
        path: ['watchdog', 'services', index, 'depends_on'],
        message: `services depend on each other in a circle: ${circle}`,
      });
      return;
    }
    if (done.has(name) || trail.length > 200) return;
    for (const next of dependencies.get(name)?.on ?? []) visit(next, [...trail, name]);
    done.add(name);
  };
  for (const name of dependencies.keys()) visit(name, []);
  return problems;
}

/** Windows that never open, and cron expressions that are none. */
function maintenanceProblems(windows: unknown, base: Path): CrossProblem[] {
  return list(windows).flatMap((window, i) => {
    const [from, to] = [Date.parse(text(at(window, 'from')) ?? ''), Date.parse(text(at(window, 'to')) ?? '')];
    if (from >= to) return [{ path: [...base, i, 'to'], message: 'ends before it begins' }];
    const cron = text(at(window, 'cron'));
    if (cron === undefined) return [];
    try {
      const starts = new Cron(cron, { paused: true });
      if (starts.nextRun() !== null) return [];
      return [{ path: [...base, i, 'cron'], message: 'never comes' }];
    } catch (thrown) {
      const { message } = thrown as Error;
      return [{ path: [...base, i, 'cron'], message: `is not a cron expression: ${message}` }];
    }
  });
}

/** Names that no service has; a pattern with `*` at its end has to fit one. */
function unknownServices(wanted: unknown, known: readonly string[], base: Path): CrossProblem[] {
  return list(wanted).flatMap((entry, i) => {
    const name = text(entry);
    if (name === undefined || known.includes(name)) return [];
    const isPattern = name.endsWith('*');
    if (isPattern && known.some((service) => service.startsWith(name.slice(0, -1)))) return [];
    const message = isPattern
      ? `no service fits "${name}"`
      : `there is no service "${name}"${didYouMean(name, known)}`;
    return [{ path: [...base, i], message }];
  });
}

function statusPageProblems(page: unknown, watchdog: unknown): CrossProblem[] {
  const names = list(at(watchdog, 'services')).map((service) => text(at(service, 'name')));
  const known = [...names.filter((name) => name !== undefined), ...builtInServices];
  return list(at(page, 'groups')).flatMap((group, i) =>
    unknownServices(at(group, 'services'), known, ['status_page', 'groups', i, 'services']),
  );
}

function watchdogProblems(watchdog: unknown): CrossProblem[] {
  const services = list(at(watchdog, 'services'));
  const names = services.map((service) => text(at(service, 'name')));
  const known = [...names.filter((name) => name !== undefined), ...builtInServices];
  const problems = duplicates(names, 'name', ['watchdog', 'services'], 'service');
  const scripts = list(at(watchdog, 'scripts')).flatMap((script) => text(at(script, 'name')) ?? []);
  const dependencies = new Map<string, { index: number; on: string[] }>();
  for (const [index, service] of services.entries()) {
    const base = ['watchdog', 'services', index];
    const hasProcess = at(service, 'command') !== undefined || at(service, 'pid_file') !== undefined;
    problems.push(...checkProblems(list(at(service, 'checks')), base, scripts, hasProcess));
    const on = list(at(service, 'depends_on')).map(text);
    for (const [i, wanted] of on.entries()) {
      if (wanted !== undefined && !known.includes(wanted)) {
        problems.push({
          path: [...base, 'depends_on', i],
          message: `there is no service "${wanted}"${didYouMean(wanted, known)}`,
        });
      }
    }
    const name = names[index];
    if (name !== undefined && !dependencies.has(name)) {
      dependencies.set(name, { index, on: on.filter((wanted) => wanted !== undefined) });
    }
    if (
      isRecord(service) &&
      !at(service, 'command') &&
      !at(service, 'pid_file') &&
      list(at(service, 'checks')).length === 0
    ) {
      problems.push({ path: base, message: 'nothing to watch: give it a command, a pid_file or a check' });
    }
    problems.push(...maintenanceProblems(at(service, 'maintenance'), [...base, 'maintenance']));
  }
  problems.push(...maintenanceProblems(at(watchdog, 'maintenance'), ['watchdog', 'maintenance']));
  for (const [i, window] of list(at(watchdog, 'maintenance')).entries()) {
    const base = ['watchdog', 'maintenance', i, 'services'];
    problems.push(...unknownServices(at(window, 'services'), known, base));
  }
  return [...problems, ...cycles(dependencies)];
}

/**
 * Everything that is wrong between fields. Works on data that was not validated, so that these
 * problems are told together with the type errors.
 */
export function crossChecks(config: unknown): CrossProblem[] {
  const channels = list(at(at(config, 'notifications'), 'channels')).map((channel) =>
    text(at(channel, 'name')),
  );
  const accounts = list(at(at(config, 'oauth'), 'providers')).map((provider) => text(at(provider, 'id')));
  const problems = [
    ...gatewayProblems(
      at(config, 'gateway'),
      list(at(at(config, 'oauth'), 'providers')).flatMap((one) => text(at(one, 'id')) ?? []),
    ),
    ...watchdogProblems(at(config, 'watchdog')),
    ...statusPageProblems(at(config, 'status_page'), at(config, 'watchdog')),
    ...duplicates(channels, 'name', ['notifications', 'channels'], 'channel'),
    ...duplicates(accounts, 'id', ['oauth', 'providers'], 'provider'),
  ];
  const [server, gateway] = [at(config, 'server'), at(config, 'gateway')];
  const given = at(gateway, 'port');
  const port = typeof given === 'number' ? given : 8766;
  if (at(gateway, 'enabled') !== false && port !== 0 && (at(server, 'port') ?? 8765) === port) {
    problems.push({
      path: at(gateway, 'port') === undefined ? ['server', 'port'] : ['gateway', 'port'],
      message: `control and the gateway cannot share port ${port}`,
    });
  }
  return problems;
}
