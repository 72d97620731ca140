import type { ScriptConfig } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { CheckKit } from './checks/define-check.ts';
import type { HttpClient } from './checks/http/http-client.ts';
import type { HeartbeatBook } from './heartbeats/heartbeat-book.ts';

/** What the composition gives to checks: secrets, our gateway. All of it may be left out where checks do not need it. */
export interface CheckAccess {
  resolve?: (text: string) => string;
  gateway?: CheckKit['gateway'];
  plugin?: CheckKit['plugin'];
}

export interface CheckKitDeps extends CheckAccess {
  clock: Clock;
  log: Log;
  http: HttpClient;
  heartbeats: HeartbeatBook;
  home: string;
  baseEnv: Readonly<Record<string, string>>;
  scripts: () => readonly ScriptConfig[];
  logFile: CheckKit['logFile'];
}

/** Puts together what checks share. */
export function createCheckKit(deps: CheckKitDeps): CheckKit {
  const { clock, log, http, heartbeats, home, baseEnv, logFile } = deps;
  const resolve = deps.resolve ?? ((text: string) => text);
  return {
    clock,
    log,
    http,
    heartbeats,
    baseEnv,
    logFile,
    resolve,
    gateway: deps.gateway ?? (async () => null),
    plugin: deps.plugin ?? (async () => ({ state: 'unknown', reason: 'no plugins run here', facts: {} })),
    script(name) {
      const found = deps.scripts().find((script) => script.name === name);
      if (!found) return null;
      const own = Object.entries(found.env).map(([key, text]) => [key, resolve(text)]);
      return {
        command: found.command,
        cwd: found.cwd ?? home,
        env: { ...baseEnv, ...Object.fromEntries(own) },
      };
    },
  };
}
