import type { CatalogueProblem, FaultEntry, WatchdogConfig } from '@vigiles/contract';
import type { Log } from '../../../kernel/log.ts';
import { byText, byTextAndNumber } from '../../../kernel/text-order.ts';
import type { ConfigProblem, Configuration } from '../../../platform/config/index.ts';
import type { EventLog } from '../../../platform/event-log/index.ts';
import { knownActions } from '../../actions/index.ts';
import type { CompiledEntry } from '../core/detect/compiled.ts';
import { assemble, type Assembled, type KnownFault } from './assemble.ts';
import { builtInFaults } from './built-in.gen.ts';
import { configFile, configRules } from './config-rules.ts';
import { readFaultFile, type ReadFaultFile } from './read-fault-file.ts';
import { readUserFiles, watchUserFiles } from './user-files.ts';

export interface CatalogueDeps {
  home: string;
  /** `vigiles.yaml`, which may hold rules as well. */
  configuration: Pick<Configuration, 'current' | 'text' | 'subscribe' | 'addCheck'>;
  events: Pick<EventLog, 'append'>;
  log: Log;
}

/** The fault catalogue in force: what is built in, with users’ own rules over it. A broken one changes nothing. */
export interface Catalogue {
  /** An entry that is looked for; null: unknown or switched off. */
  entry(id: string): FaultEntry | null;
  compiled(): readonly CompiledEntry[];
  /** All of them, in the order of their ids. */
  list(): KnownFault[];
  find(id: string): KnownFault | null;
  /** What is wrong with users’ rules as they are now; empty: nothing, and they are in force. */
  problems(): readonly CatalogueProblem[];
  /** What would be in force if this file were so; nothing changes. */
  draft(file: ReadFaultFile): Assembled;
  subscribe(changed: (compiled: readonly CompiledEntry[]) => void): () => void;
  /** Reads them anew, now. */
  reload(): Promise<void>;
  start(): void;
  stop(): void;
}

export function createCatalogue({ home, configuration, events, log }: CatalogueDeps): Catalogue {
  const listeners = new Set<(compiled: readonly CompiledEntry[]) => void>();
  let current = assemble(builtInFaults, [], knownActions);
  let problems: readonly CatalogueProblem[] = [];
  let ends: (() => void)[] = [];
  const ownFiles = (): ReadFaultFile[] => [
    configRules(configuration.text(), configuration.current().watchdog),
    ...readUserFiles(home).map(({ file, text }) => readFaultFile(file, text)),
  ];

  async function reload(): Promise<void> {
    const next = assemble(builtInFaults, ownFiles(), knownActions);
    problems = next.problems;
    if (problems.length > 0) {
      log.warn({ problems: problems.slice(0, 5) }, 'A fault catalogue was refused; the last good one stays');
      const data = { problems: problems.slice(0, 50) };
      await events.append('catalogue.rejected', { actor: 'system', subject: 'catalogue', data });
      return;
    }
    const changed = changedIds(current, next);
    current = next;
    for (const listener of listeners) listener(current.compiled);
    if (changed.length === 0) return;
    log.info({ changed }, 'The fault catalogue was read anew');
    const data = { entries: current.compiled.length, changed };
    await events.append('catalogue.reloaded', { actor: 'system', subject: 'catalogue', data });
  }

  /** Puts a file in the place of the one of its name. */
  function draft(file: ReadFaultFile): Assembled {
    const [config, ...others] = ownFiles().map((one) => (one.file === file.file ? file : one));
    if (config !== file && !others.includes(file)) others.push(file);
    const files = others.toSorted((a, b) => byText(a.file, b.file));
    return assemble(builtInFaults, config ? [config, ...files] : files, knownActions);
  }

  /** What of the rules in a text of the configuration would be refused, with the places in it. */
  function refusedRules(watchdog: WatchdogConfig, text: string): ConfigProblem[] {
    const file = configRules(text, watchdog);
    if (!hasSomething(file)) return [];
    return draft(file)
      .problems.filter((one) => one.file === configFile)
      .map(({ path = ['disabled_faults'], line, column, message }) => ({
        path: ['watchdog', ...path].join('.'),
        line,
        column,
        message,
      }));
  }

  const reloadLater = (): void => {
    reload().catch((thrown: unknown) => log.error({ err: thrown }, 'The fault catalogue could not be read'));
  };

  return {
    entry: (id) => {
      const found = current.known.get(id);
      return found?.enabled ? found.entry : null;
    },
    compiled: () => current.compiled,
    list: () => [...current.known.values()].toSorted((a, b) => byTextAndNumber(a.entry.id, b.entry.id)),
    find: (id) => current.known.get(id) ?? null,
    problems: () => problems,
    draft,
    subscribe(changed) {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
    reload,
    start() {
      if (ownFiles().some(hasSomething)) reloadLater();
      ends = [
        watchUserFiles(home, reloadLater),
        configuration.addCheck(({ watchdog }, text) => refusedRules(watchdog, text)),
        configuration.subscribe((_next, _previous, changed) => {
          if (changed.some((path) => /^watchdog\.(?:disabled_)?faults\b/.test(path))) reloadLater();
        }),
      ];
    },
    stop() {
      for (const end of ends.splice(0)) end();
    },
  };
}

const hasSomething = ({ entries, disable, problems }: ReadFaultFile): boolean =>
  entries.length + disable.length + problems.length > 0;

function changedIds(before: Assembled, after: Assembled): string[] {
  const ids = new Set([...before.known.keys(), ...after.known.keys()]);
  const text = (one: KnownFault | undefined) => JSON.stringify(one ?? null);
  return [...ids]
    .filter((id) => text(before.known.get(id)) !== text(after.known.get(id)))
    .toSorted(byTextAndNumber);
}
