import type { Adaptation, ProviderOverride, ScriptConfig, WatchdogConfig } from '@vigiles/contract';
import { WatchdogConfig as Settings } from '@vigiles/contract';
import type { Seen } from './define-action.ts';
import { noSessions, type SessionTargets } from './session-targets.ts';
import type { ServiceTargets, Work } from './targets.ts';
import { noFeatures, type FeatureTargets } from './feature-targets.ts';
import { noBackups, type BackupTargets } from './backup-targets.ts';
import { noMail, type MailTargets } from './mail-targets.ts';
import { noPorts, type PortTargets } from './port-targets.ts';

/** A provider of the gateway as an action sees it. */
export interface ProviderView {
  id: string;
  /** As the gateway process has it; `unknown`: nobody has asked it yet, or the gateway does not answer. */
  state: 'ok' | 'failing' | 'unknown';
  /** Why it is failing, in the gateway's words. */
  lastError: string | null;
  /** Open: it is left alone now. */
  circuit: 'closed' | 'open' | 'half-open';
  models: readonly string[];
  /** Other providers that work, local ones first. */
  others: readonly { id: string; local: boolean; models: readonly string[] }[];
  overrides: readonly ProviderOverride[];
  /** In force now, overrides included. */
  idleTimeoutS: number;
  connectTimeoutS: number;
}

/** What is to hold for a provider for a while. */
export interface OverrideAsk {
  provider: string;
  hold?: boolean;
  detourTo?: string;
  idleTimeoutS?: number;
  connectTimeoutS?: number;
  /** UTC milliseconds. */
  until: number;
  reason: string;
  actor: string;
}

/** Hands on the gateway, provided by its feature. */
export interface GatewayTargets {
  /** null: there is no such provider. */
  provider(id: string): Promise<ProviderView | null>;
  override(ask: OverrideAsk): Promise<ProviderOverride>;
  /** False: it had ended already. */
  endOverride(id: string, actor: string, why: string): Promise<boolean>;
  /** What was learned from a provider's refusals. */
  adaptations(provider: string): Promise<Adaptation[]>;
  forget(ids: readonly string[], actor: string): Promise<void>;
  relearn(adaptations: readonly Adaptation[]): Promise<void>;
  /** Asks the provider for its list of models: costs nothing. null: it cannot be asked that way. */
  probe(id: string, signal: AbortSignal): Promise<{ ok: boolean; message: string } | null>;
  /** Turns it answered and turns it failed since a time, UTC milliseconds. */
  turnsSince(id: string, since: number): Promise<{ answered: number; failed: number }>;
  /** Where agents reach it, with `/v1`; null: it is switched off. */
  url(): Promise<string | null>;
}

/** Hands on runs of GitHub Actions, provided by its feature. `name` is `<owner>/<repository>/<run>`. */
export interface CiTargets {
  /** Why this attempt's failed jobs must not be run again now; null: they may. */
  refusal(name: string, attempt: number, automatic: boolean): Promise<string | null>;
  /** null: no such run is known. */
  describe(
    name: string,
  ): Promise<{ url: string; workflow: string; branch: string; attempt: number; jobs: string[] } | null>;
  /** Waits until it may, and asks GitHub. Throws where it must not, or where GitHub refuses. */
  rerun(
    name: string,
    attempt: number,
    by: { actor: string; reason: string; runId: string },
    work: Work,
  ): Promise<void>;
  /** How the attempt after this one ended; waits for it. */
  outcome(name: string, attempt: number, signal: AbortSignal): Promise<Seen>;
  /** A folder of its own for a script, and what it is told of the run. */
  workplace(name: string): Promise<{ folder: string; env: Record<string, string>; dispose(): Promise<void> }>;
}

/** Everything an action may lay hands on. */
export interface ActionFaces {
  services: ServiceTargets;
  gateway: GatewayTargets;
  sessions: SessionTargets;
  ci: CiTargets;
  ports: PortTargets;
  features: FeatureTargets;
  mail: MailTargets;
  backups: BackupTargets;
  /** The `watchdog` slice as it is now: allow-lists stand there. */
  settings(): WatchdogConfig;
  /** Vigiles' home folder: snapshots are kept below it. */
  home: string;
  /** Where the user's agents keep their files: the user's own home, and `CODEX_HOME` when it is set. */
  userHome: string;
  codexHome: string;
  /** A script's environment with its references filled in. Throws when one is missing. */
  environmentOf(script: ScriptConfig): Readonly<Record<string, string>>;
  /** PATH for programs of the system: systemctl. */
  searchPath: string;
}

const absent = (what: string) => () => Promise.reject(new Error(`there is no ${what} here`));

/** Nothing to lay hands on, until the features hand over what they have. */
export const noFaces = (home: string): ActionFaces => ({
  services: {
    look: () => null,
    restart: absent('watchdog'),
    start: absent('watchdog'),
    stop: absent('watchdog'),
    awaitHealthy: () => Promise.resolve('unknown'),
    findStale: () => [],
  },
  gateway: {
    provider: () => Promise.resolve(null),
    override: absent('gateway'),
    endOverride: () => Promise.resolve(false),
    adaptations: () => Promise.resolve([]),
    forget: () => Promise.resolve(),
    relearn: () => Promise.resolve(),
    probe: () => Promise.resolve(null),
    turnsSince: () => Promise.resolve({ answered: 0, failed: 0 }),
    url: () => Promise.resolve(null),
  },
  sessions: noSessions,
  ci: {
    refusal: () => Promise.resolve('no GitHub is watched here'),
    describe: () => Promise.resolve(null),
    rerun: absent('GitHub'),
    outcome: () => Promise.resolve('unknown'),
    workplace: absent('GitHub'),
  },
  ports: noPorts,
  features: noFeatures,
  mail: noMail,
  backups: noBackups,
  settings: () => Settings.parse({}),
  home,
  userHome: home,
  codexHome: home,
  environmentOf: ({ env }) => env,
  searchPath: '',
});
