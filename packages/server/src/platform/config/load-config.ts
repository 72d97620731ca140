import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VigilesConfig } from '@vigiles/contract';
import { systemClock, type Clock } from '../../kernel/clock.ts';
import {
  failed,
  fault,
  FaultError,
  ok,
  raise,
  toFault,
  type Fault,
  type Result,
} from '../../kernel/fault.ts';
import { writeAtomic } from '../files/write-atomic.ts';
import { createRedactor, openSecrets, type Redactor, type Secrets } from '../secrets/index.ts';
import { checkConfig, type CheckedConfig, type CheckOptions } from './check-config.ts';
import type {
  ConfigChange,
  ConfigListener,
  Configuration,
  ConfigWish,
  MeaningCheck,
  RejectionListener,
} from './configuration.ts';
import { describeConfig, literalSecrets } from './describe.ts';
import { changedPaths } from './difference.ts';
import { editYaml } from './edit-yaml.ts';
import { stampsOf, type FileStamps } from './file-stamps.ts';
import { readEnvironment, readFlags, type ConfigFlags } from './overrides.ts';
import { formatProblems, tidyProblems, type ConfigProblem } from './problem.ts';
import { referenceDigests, replaceReferences, type Reference } from './references.ts';
import { linesOf, shownText } from './shown-text.ts';
import { starterConfig } from './starter.ts';
import { readYaml } from './yaml-source.ts';

export interface LoadOptions {
  home: string;
  env: Record<string, string | undefined>;
  flags?: ConfigFlags;
  /** Shared with the log; a private one when absent. */
  redactor?: Redactor;
  /** Absent: `<home>/secrets.enc`, with VIGILES_SECRET_PASSPHRASE from `env`. */
  secrets?: Secrets;
  /** Start with the last configuration that worked when the file is broken: for processes that must come back. */
  allowLastGood?: boolean;
  clock?: Clock;
}

const fingerprint = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

const invalid = (
  problems: ConfigProblem[],
  path: string,
  kind: Fault['kind'] = 'invalid',
  code = 'config_invalid',
) =>
  fault(
    kind,
    code,
    `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${formatProblems(problems, path)}`,
    {
      details: { problems },
    },
  );

async function readText(path: string): Promise<Result<string>> {
  try {
    const bytes = await readFile(path);
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    const message =
      code === 'ENOENT' ? 'the file is gone' : code ? `cannot be read (${code})` : 'is not valid UTF-8';
    return failed(invalid([{ path: '', line: 0, column: 0, message }], path));
  }
}

async function writeStarter(home: string, path: string): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeFile(path, starterConfig, { flag: 'wx', mode: 0o600 }).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'EEXIST') throw thrown;
  });
}

/**
 * Reads `<home>/vigiles.yaml` (written with a short starter on the first start); environment stands above the
 * file and flags above both. A broken file is a fault `config_invalid` with all problems in its details.
 */
export async function loadConfig(options: LoadOptions): Promise<Result<Configuration>> {
  const { home, env, flags = {}, clock = systemClock } = options;
  const redactor = options.redactor ?? createRedactor();
  const secrets =
    options.secrets ?? openSecrets({ home, passphrase: env['VIGILES_SECRET_PASSPHRASE'], redactor });
  const path = join(home, 'vigiles.yaml');
  const lastGoodPath = join(home, 'run', 'last-good.yaml');
  const overrides = [...readEnvironment(env), ...readFlags(flags)];

  const lookUp = ({ kind, name }: Reference): string | undefined => {
    const value = kind === 'secret' ? secrets.get(name) : env[name];
    if (value === undefined || value === '') return undefined;
    redactor.register(value);
    return value;
  };
  const checks: CheckOptions = { overrides, lookUp, clean: (text) => redactor.text(text) };
  const check = (text: string): CheckedConfig => checkConfig(text, checks);

  let text: string;
  let readAt: FileStamps;
  let config: VigilesConfig;
  let loadedAt = clock.now();
  let problems: ConfigProblem[] = [];
  let digests = new Map<string, string>();
  let pending: Promise<unknown> = Promise.resolve();
  const listeners = new Set<ConfigListener>();
  const rejectionListeners = new Set<RejectionListener>();
  const meaningChecks = new Set<MeaningCheck>();

  const keepAsLastGood = async (good: string) => {
    await mkdir(join(home, 'run'), { recursive: true, mode: 0o700 });
    await writeAtomic(lastGoodPath, good, 0o600).catch(() => undefined);
  };

  const adopt = async (checked: CheckedConfig, next: VigilesConfig, actor: string): Promise<ConfigChange> => {
    const previous = config;
    const changed = changedPaths(next, previous);
    const nextDigests = referenceDigests(next, lookUp);
    for (const [where, digest] of nextDigests) {
      // A secret that is new behind an unchanged reference is a change as well.
      const known = digests.get(where);
      const told = changed.some((each) => where === each || where.startsWith(`${each}.`));
      if (known !== undefined && known !== digest && !told) changed.push(where);
    }
    digests = nextDigests;
    config = next;
    text = checked.source.text;
    problems = [];
    loadedAt = clock.now();
    for (const value of literalSecrets(next)) redactor.register(value);
    await keepAsLastGood(text);
    if (changed.length > 0) for (const listener of listeners) listener(next, previous, changed, actor);
    return { changed, config: next, revision: fingerprint(text), overridden: [] };
  };

  const reject = (found: ConfigProblem[]) => {
    const same = JSON.stringify(found) === JSON.stringify(problems);
    problems = found;
    if (!same) for (const listener of rejectionListeners) listener(found);
  };

  /** One at a time: a reload in the middle of a change would see half of it. */
  const inTurn = <T>(work: () => Promise<Result<T>>): Promise<Result<T>> => {
    const next = pending.then(work).catch((thrown: unknown) => failed(toFault(thrown)));
    pending = next;
    return next;
  };

  /** The file as it is now; a fault when it cannot be built upon. */
  const readDisk = async (revision?: string): Promise<Result<CheckedConfig>> => {
    const read = await readText(path);
    if (!read.ok) return read;
    if (revision !== undefined && revision !== fingerprint(read.value)) {
      return failed(
        fault(
          'conflict',
          'config_changed_meanwhile',
          'The configuration was changed by somebody else; load it again and repeat your change.',
        ),
      );
    }
    const disk = check(read.value);
    if (disk.source.problems.length === 0 && (read.value === text || disk.config)) return ok(disk);
    reject(disk.problems);
    return failed(invalid(disk.problems, path, 'conflict', 'config_conflict'));
  };

  const wished = (before: string, wish: ConfigWish): CheckedConfig =>
    check(typeof wish === 'string' ? wish : editYaml(before, wish));

  /** What features find wrong with a text whose form is right. */
  const wrongIn = ({ config: next, source }: CheckedConfig): ConfigProblem[] => {
    if (!next) return [];
    const found = [...meaningChecks].flatMap((each) => each(next, source.text));
    return tidyProblems(
      found.map(({ path: at, line, column, message }) => ({
        path: at,
        line,
        column,
        message: redactor.text(message),
      })),
    );
  };

  /** And of these what was not wrong before: nobody is kept from a change by what others wrote. */
  const newlyWrong = (before: CheckedConfig, after: CheckedConfig): ConfigProblem[] => {
    const found = wrongIn(after);
    if (found.length === 0) return found;
    const known = new Set(wrongIn(before).map(({ message }) => message));
    return found.filter(({ message }) => !known.has(message));
  };

  /** Paths of a wish that the environment or a flag stands above. */
  const withoutEffect = (wish: ConfigWish, changed: readonly string[]): string[] => {
    const dotted = typeof wish === 'string' ? changed : wish.map((edit) => edit.path.join('.'));
    const above = overrides.map((override) => override.path.join('.'));
    return dotted.filter((edited) => above.some((over) => over === edited || over.startsWith(`${edited}.`)));
  };

  const clean = (shown: string): string => redactor.text(shown);

  const configuration: Configuration = {
    path,
    get readAt() {
      return readAt;
    },
    current: () => config,
    state: () => ({
      path,
      loadedAt,
      revision: fingerprint(text),
      problems,
      overrides: overrides.map((override) => ({ path: override.path.join('.'), source: override.source })),
    }),
    describe: () => describeConfig(config),
    resolve: (reference) =>
      replaceReferences(reference, lookUp, ({ kind, name }) =>
        raise(
          fault('invalid', 'config_reference_missing', `\${${kind}:${name}} does not exist.`, {
            details: { kind, name },
          }),
        ),
      ),
    redact: clean,
    redactJson: (json) => redactor.json(json),
    text: () => text,
    source() {
      const source = readYaml(text);
      return {
        revision: fingerprint(text),
        text: shownText(source, config, clean),
        lines: linesOf(source),
      };
    },
    secretNames: () => secrets.list(),
    validate(candidate) {
      const checked = check(candidate);
      return checked.config ? wrongIn(checked) : checked.problems;
    },
    reload: (actor) =>
      inTurn(async () => {
        const read = await readText(path);
        if (!read.ok) {
          reject(read.fault.details?.['problems'] as ConfigProblem[]);
          return read;
        }
        const checked = check(read.value);
        if (!checked.config) {
          reject(checked.problems);
          return failed(invalid(checked.problems, path));
        }
        return ok(await adopt(checked, checked.config, actor));
      }),
    change: (wish, actor, revision) =>
      inTurn(async () => {
        const disk = await readDisk(revision);
        if (!disk.ok) return disk;
        const before = disk.value.source.text;
        const checked = wished(before, wish);
        if (!checked.config) return failed(invalid(checked.problems, path));
        const wrong = newlyWrong(disk.value, checked);
        if (wrong.length > 0) return failed(invalid(wrong, path));
        if (checked.source.text !== before) await writeAtomic(path, checked.source.text, 0o600);
        const change = await adopt(checked, checked.config, actor);
        return ok({ ...change, overridden: withoutEffect(wish, change.changed) });
      }),
    plan: (wish) =>
      inTurn(async () => {
        const disk = await readDisk();
        if (!disk.ok) return disk;
        const { source } = disk.value;
        const next = wished(source.text, wish);
        const changed = next.config ? changedPaths(next.config, config) : [];
        for (const value of next.config ? literalSecrets(next.config) : []) redactor.register(value);
        return ok({
          revision: fingerprint(source.text),
          before: shownText(source, disk.value.config ?? config, clean),
          after: next.config ? shownText(next.source, next.config, clean) : '',
          problems: next.problems,
          wrong: newlyWrong(disk.value, next),
          config: next.config ?? config,
          changed,
          overridden: withoutEffect(wish, changed),
        });
      }),
    addCheck(each) {
      meaningChecks.add(each);
      return () => void meaningChecks.delete(each);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onRejected(listener) {
      rejectionListeners.add(listener);
      return () => rejectionListeners.delete(listener);
    },
  };

  try {
    await writeStarter(home, path);
    readAt = stampsOf(path);
    const read = await readText(path);
    const checked = read.ok ? check(read.value) : undefined;
    if (checked?.config) {
      text = checked.source.text;
      config = checked.config;
      digests = referenceDigests(config, lookUp);
      for (const value of literalSecrets(config)) redactor.register(value);
      await keepAsLastGood(text);
      return ok(configuration);
    }
    const refused =
      checked?.problems ?? (read.ok ? [] : (read.fault.details?.['problems'] as ConfigProblem[]));
    const older = options.allowLastGood ? await readText(lastGoodPath) : undefined;
    const usable = older?.ok ? check(older.value) : undefined;
    if (!usable?.config) return failed(invalid(refused, path));
    text = usable.source.text;
    config = usable.config;
    digests = referenceDigests(config, lookUp);
    problems = refused;
    for (const value of literalSecrets(config)) redactor.register(value);
    return ok(configuration);
  } catch (thrown) {
    if (thrown instanceof FaultError) return failed(thrown.fault);
    const { code, message } = thrown as NodeJS.ErrnoException;
    return failed(
      fault('unavailable', 'home_unusable', `${home} cannot be used: ${code ?? message}.`, { cause: thrown }),
    );
  }
}
