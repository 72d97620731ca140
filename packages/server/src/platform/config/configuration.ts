import type { VigilesConfig } from '@vigiles/contract';
import type { Result } from '../../kernel/fault.ts';
import type { ConfigEdit } from './edit-yaml.ts';
import type { FileStamps } from './file-stamps.ts';
import type { ConfigProblem } from './problem.ts';

/** What came of a reload or a change. */
export interface ConfigChange {
  /** Dotted paths whose values are new; empty when nothing changed. */
  changed: string[];
  config: VigilesConfig;
  revision: string;
  /** Paths that were written but do not take effect, because the environment or a flag stands above the file. */
  overridden: string[];
}

export interface ConfigState {
  path: string;
  /** When the configuration in force was read, UTC ms. */
  loadedAt: number;
  /** Fingerprint of the file's text that is in force. */
  revision: string;
  /** Problems of a newer file that was refused; empty when the file is what is in force. */
  problems: ConfigProblem[];
  /** What stands above the file, and where it comes from. */
  overrides: { path: string; source: string }[];
}

/** The file as it may be shown, and where in it each value stands. */
export interface ConfigSource {
  revision: string;
  /** Secrets are shown as references or blotted out; line for line the file. */
  text: string;
  /** Dotted path → line, from 1. */
  lines: Record<string, number>;
}

/** What a change would make of the file; nothing is written. */
export interface ConfigPlan {
  /** Of the file that it starts from. */
  revision: string;
  /** Both texts as they may be shown. */
  before: string;
  after: string;
  /** Not empty: it would be refused. Their lines are those of `after`. */
  problems: ConfigProblem[];
  /** What it makes wrong although its form is right, by the checks of features: it would be refused as well. */
  wrong: ConfigProblem[];
  /** What would be in force; the present one where there are problems. */
  config: VigilesConfig;
  changed: string[];
  overridden: string[];
}

/** Edits, or a whole text: an earlier version. */
export type ConfigWish = readonly ConfigEdit[] | string;

export type ConfigListener = (
  next: VigilesConfig,
  previous: VigilesConfig,
  changed: string[],
  actor: string,
) => void;
/** What a feature finds wrong with the meaning of its part of a text whose form is right. */
export type MeaningCheck = (next: VigilesConfig, text: string) => readonly ConfigProblem[];
export type RejectionListener = (problems: ConfigProblem[]) => void;

/** `vigiles.yaml`, live: the last good version of it, and the way to change it. */
export interface Configuration {
  readonly path: string;
  /** How the files stood just before they were read for the first time. */
  readonly readAt: FileStamps;
  /** The validated configuration in force. References in it are still references. */
  current(): VigilesConfig;
  state(): ConfigState;
  /** The configuration as it may be shown to people: no secret values. */
  describe(): VigilesConfig;
  /**
   * A text with its `${env:…}` and `${secret:…}` filled in, read anew on each call. What comes back is
   * known to the redactor. Throws a FaultError `config_reference_missing` that names the reference.
   */
  resolve(text: string): string;
  /** A text of others without any secret that is known here, for what is kept or shown. */
  redact(text: string): string;
  /** The same for JSON text, and without tokens of any vendor; the very same text where there is none. */
  redactJson(text: string): string;
  /** The text in force, with literal secrets: never for output. */
  text(): string;
  source(): ConfigSource;
  /** Names of the secrets that can be referred to; never their values. */
  secretNames(): string[];
  /** All problems of a text, without using it. */
  validate(text: string): ConfigProblem[];
  /** Reads the file again now. On problems the last good one stays in force. */
  reload(actor: string): Promise<Result<ConfigChange>>;
  /** Writes edits into the file, comments kept, after checking the result. `revision` guards against lost updates. */
  change(wish: ConfigWish, actor: string, revision?: string): Promise<Result<ConfigChange>>;
  /** What {@link change} would do. A file that is broken itself is a fault `config_conflict`. */
  plan(wish: ConfigWish): Promise<Result<ConfigPlan>>;
  /**
   * Has what people write checked by what it means as well: when a text is validated, and before a change is written if the change
   * makes it wrong. A file that is read comes into force nevertheless; the feature keeps its last good part and tells it.
   */
  addCheck(check: MeaningCheck): () => void;
  /** Called after a new configuration is in force. */
  subscribe(listener: ConfigListener): () => void;
  /** Called when a newer file was refused. */
  onRejected(listener: RejectionListener): () => void;
}
