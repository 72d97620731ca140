import { watch, type FSWatcher } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../../../../kernel/clock.ts';
import type { Log } from '../../../../kernel/log.ts';
import { readSmallFile } from '../../../../platform/files/open-file.ts';
import { identify } from '../../../../platform/process/index.ts';
import type { Signal } from '../../core/detect/signal.ts';
import {
  arrayContentType,
  deadPids,
  expiredToken,
  stalePort,
  type StateFact,
} from '../../core/state-facts.ts';

/** What is known to be wrong in files of one kind. */
export type StateFileKind = 'provider_caps' | 'pids' | 'codex_config' | 'token';

export interface WatchedStateFile {
  path: string;
  kind: StateFileKind;
}

/** What coding agents and their launchers keep on this machine, by where they keep it. */
export const usualStateFiles = (home: string): WatchedStateFile[] => [
  { path: join(home, '.cache/codex-proxy/provider-caps.json'), kind: 'provider_caps' },
  { path: join(home, '.cache/codex-proxy/pids.json'), kind: 'pids' },
  { path: join(home, '.codex/config.toml'), kind: 'codex_config' },
  { path: join(home, '.gemini/oauth_creds.json'), kind: 'token' },
];

export interface StateFilesDeps {
  clock: Clock;
  log: Log;
  files: readonly WatchedStateFile[];
  /** Port our gateway serves on; null when there is none: then no port is stale. */
  gatewayPort(): number | null;
  signal(signal: Signal): void;
  /** Quiet time after a change before a file is read: writers write in pieces. 200 ms unless set. */
  settleMs?: number;
  /** Between looks when nothing was announced: tokens run out and processes die without a change. 30 s unless set. */
  everyMs?: number;
}

const largest = 4 << 20;

/** Watches files of state for what is known to be wrong in them (E1 to E4), and says when it is right again. */
export function createStateFiles(deps: StateFilesDeps) {
  const { clock, log, settleMs = 200, everyMs = 30_000 } = deps;
  const watchers = new Map<string, FSWatcher>();
  const wrong = new Set<string>();
  let soon: NodeJS.Timeout | null = null;
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> = Promise.resolve();
  let stopped = false;

  function factsOf(kind: StateFileKind, text: string): StateFact[] {
    if (kind === 'codex_config') {
      const port = deps.gatewayPort();
      return port === null ? [] : [stalePort(text, port)];
    }
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch {
      return [{ predicate: 'unparseable', holds: true, fields: { bytes: text.length } }];
    }
    const sound: StateFact = { predicate: 'unparseable', holds: false, fields: {} };
    if (kind === 'provider_caps') return [sound, arrayContentType(document)];
    if (kind === 'token') return [sound, expiredToken(document, clock.now())];
    const runs = ({ pid, startTime }: { pid: number; startTime: string | null }): boolean => {
      const now = identify(pid);
      return now !== null && (startTime === null || now.startTime === startTime);
    };
    return [sound, deadPids(document, runs)];
  }

  /** Tells what holds, each time it is looked at; and once that it holds no more. */
  function tell(path: string, { predicate, holds, fields }: StateFact): void {
    const key = `${predicate} ${path}`;
    if (!holds && !wrong.delete(key)) return;
    if (holds) wrong.add(key);
    deps.signal({
      name: 'json_file',
      target: `file:${path}`,
      targetClass: 'file',
      at: clock.now(),
      source: 'file',
      fields: { file: path, predicate, ...fields },
      ...(holds ? {} : { cleared: true }),
    });
  }

  async function read(path: string): Promise<string | null> {
    return readSmallFile(path, largest).catch(() => null);
  }

  async function lookAt({ path, kind }: WatchedStateFile): Promise<void> {
    const text = await read(path);
    if (text === null) {
      // What is not there, or not ours to read, is not wrong.
      for (const key of wrong)
        if (key.endsWith(` ${path}`))
          tell(path, { predicate: key.split(' ')[0] as StateFact['predicate'], holds: false, fields: {} });
      return;
    }
    // Half a file, while it is being written: it is read again when it is still.
    if (text === '') return;
    for (const fact of factsOf(kind, text)) tell(path, fact);
  }

  async function watchFolders(): Promise<void> {
    for (const folder of new Set(deps.files.map(({ path }) => dirname(path)))) {
      if (watchers.has(folder) || stopped) continue;
      if ((await readdir(folder).catch(() => null)) === null) continue;
      const names = new Set(
        deps.files.filter(({ path }) => dirname(path) === folder).map(({ path }) => basename(path)),
      );
      try {
        const watcher = watch(folder, { persistent: false }, (_, name) => {
          if (name === null || names.has(name)) announced();
        });
        watcher.on('error', () => {
          watcher.close();
          watchers.delete(folder);
        });
        watchers.set(folder, watcher);
      } catch {
        // No watches left: the looks in between do it too.
      }
    }
  }

  function announced(): void {
    if (stopped) return;
    if (soon) clearTimeout(soon);
    soon = setTimeout(() => void look(), settleMs).unref();
  }

  const look = (): Promise<void> =>
    (looking = looking
      .then(async () => {
        if (stopped) return;
        await watchFolders();
        for (const file of deps.files) await lookAt(file);
      })
      .catch((thrown: unknown) => log.warn({ err: thrown }, 'Files of state could not be looked at')));

  return {
    start(): void {
      timer = setInterval(() => void look(), everyMs).unref();
      void look();
    },
    look,
    async stop(): Promise<void> {
      stopped = true;
      if (timer) clearInterval(timer);
      if (soon) clearTimeout(soon);
      for (const watcher of watchers.values()) watcher.close();
      await looking;
    },
  };
}

export type StateFiles = ReturnType<typeof createStateFiles>;
