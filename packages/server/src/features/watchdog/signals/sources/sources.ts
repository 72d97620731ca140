import { join } from 'node:path';
import type { WatchdogConfig } from '@vigiles/contract';
import type { Clock } from '../../../../kernel/clock.ts';
import type { Log } from '../../../../kernel/log.ts';
import { redactText } from '../../../actions/index.ts';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import type { DetectEngine } from '../../detect/engine.ts';
import { createAgentWatch } from '../agents/agent-watch.ts';
import { createLogWatch } from '../logs/log-watch.ts';
import type { LogSighting } from '../logs/log-watch-types.ts';
import { createStateFiles, usualStateFiles, type WatchedStateFile } from '../state-files/state-files.ts';
import { watchedLogs, type OwnedLog, type ServiceLog } from './watched-logs.ts';

export interface SourcesDeps {
  home: string;
  /** Home folder of whoever runs Vigiles: agents and their files live there. */
  userHome: string;
  catalogue: Pick<Catalogue, 'subscribe'>;
  engine: Pick<DetectEngine, 'signal' | 'line' | 'patterns'>;
  config: WatchdogConfig;
  /** Logs of what Vigiles starts; asked for at every change. */
  serviceLogs(): readonly ServiceLog[];
  /** Port our gateway serves on now; null where there is none. */
  gatewayPort(): number | null;
  clock: Clock;
  log: Log;
}

const stateFilesOf = ({ agents }: WatchdogConfig, userHome: string): WatchedStateFile[] => [
  ...usualStateFiles(userHome),
  ...agents.codex_home.map((folder) => ({
    path: join(folder, 'config.toml'),
    kind: 'codex_config' as const,
  })),
];

/** What sees faults besides checks and the gateway: lines of logs, agents of this machine, files of state. */
export function createSources(deps: SourcesDeps) {
  const { engine, clock, log, userHome } = deps;
  let config = deps.config;
  let owned = new Map<string, OwnedLog>();
  let unsubscribe = (): void => {};
  let running = false;

  /** Sightings of one line, one after the other: the patterns found in it are told together. */
  let pending: LogSighting[] = [];

  const logs = createLogWatch({
    home: deps.home,
    log,
    onSighting(sighting) {
      if (pending.length === 0) queueMicrotask(tell);
      pending.push(sighting);
    },
  });

  function tell(): void {
    const lines = Map.groupBy(pending, ({ log: id, path, offset, line }) =>
      JSON.stringify([id, path, offset, line]),
    );
    pending = [];
    for (const sightings of lines.values()) tellLine(sightings);
  }

  function tellLine(sightings: readonly LogSighting[]): void {
    const [first] = sightings;
    const from = first && owned.get(first.log);
    // Of a log that is watched no more.
    if (!first || !from) return;
    const { line, level, path, at } = first;
    const seen = {
      name: 'log',
      target: from.service,
      targetClass: 'service',
      at,
      source: 'log',
      line: from.redact ? redactText(line) : line,
      fields: { source: from.log.names[0] ?? from.log.id, level },
      times: Math.max(...sightings.map(({ times }) => times)),
      evidence: { log: from.log.id, file: path },
    } as const;
    engine.line(
      seen,
      sightings.map(({ pattern }) => pattern),
    );
  }

  const agentsOf = () =>
    createAgentWatch({ clock, log, config: config.agents, signal: (signal) => engine.signal(signal) });
  const filesOf = () =>
    createStateFiles({
      clock,
      log,
      files: stateFilesOf(config, userHome),
      gatewayPort: deps.gatewayPort,
      signal: (signal) => engine.signal(signal),
    });
  const agents = agentsOf();
  let files = filesOf();

  /** The logs and patterns that count from now on. */
  function watchLogs(): void {
    if (!running) return;
    const all = watchedLogs(deps.serviceLogs(), config.log_sources, userHome);
    owned = new Map(all.map((one) => [one.log.id, one]));
    logs.wish('catalogue', { logs: all.map((one) => one.log), patterns: engine.patterns() });
  }

  return {
    start(): void {
      running = true;
      unsubscribe = deps.catalogue.subscribe(watchLogs);
      watchLogs();
      agents.start();
      files.start();
    },
    /** Services came or went, or the settings changed. */
    async reload(next: WatchdogConfig): Promise<void> {
      const before = config;
      config = next;
      watchLogs();
      if (!running) return;
      agents.reload(next.agents);
      if (before.agents.codex_home.join('\0') === next.agents.codex_home.join('\0')) return;
      await files.stop();
      files = filesOf();
      files.start();
    },
    async stop(): Promise<void> {
      running = false;
      unsubscribe();
      await Promise.all([logs.stop(), agents.stop(), files.stop()]);
    },
  };
}

export type Sources = ReturnType<typeof createSources>;
