import type { z } from 'zod';
import { fault, raise, type Result } from '../../kernel/fault.ts';
import type { VigilesConfig } from '@vigiles/contract';
import {
  describeConfig,
  type ConfigChange,
  type ConfigEdit,
  type Configuration,
  type ConfigWish,
} from '../../platform/config/index.ts';
import { redactedMark } from '../../platform/secrets/index.ts';

/** A dotted path as its parts; digits are list positions. */
const parsePath = (path: string | (string | number)[]): (string | number)[] =>
  typeof path === 'string' ? path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)) : path;

/** What a person sees blotted out must not come back as the value. */
export function refuseMarks(edits: readonly ConfigEdit[]): void {
  const marked = edits.find((edit) => JSON.stringify(edit.value ?? null).includes(redactedMark));
  if (marked) {
    raise(
      fault(
        'invalid',
        'config_value_redacted',
        `${marked.path.join('.')} holds ${redactedMark}: send the real value or a reference.`,
      ),
    );
  }
}

const unwrap = (result: Result<ConfigChange>) => {
  if (!result.ok) raise(result.fault);
  const { changed, revision, overridden } = result.value;
  return { changed, revision, overridden };
};

export const reloadConfig = async (configuration: Configuration, actor: string) =>
  unwrap(await configuration.reload(actor));

/** Edits of a request as the platform takes them. */
export const editsOf = (
  patch: readonly { path: string | (string | number)[]; value?: unknown; move_to?: number | undefined }[],
): ConfigEdit[] =>
  patch.map(({ path, value, move_to }) => ({
    path: parsePath(path),
    value: value ?? null,
    moveTo: move_to,
  }));

export interface ValueChange {
  path: string;
  before: z.core.util.JSONType;
  after: z.core.util.JSONType;
}

/** Longer values are told by their beginning. */
const longest = 2_000;

const valueAt = (config: unknown, path: string): z.core.util.JSONType => {
  let value: unknown = config;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return null;
    value = (value as Record<string, unknown>)[part];
  }
  const text = JSON.stringify(value ?? null);
  return text.length > longest ? `${text.slice(0, longest)}…` : (JSON.parse(text) as z.core.util.JSONType);
};

/** What is at these paths before and after, without secrets. */
export function valuesOf(
  paths: readonly string[],
  before: VigilesConfig,
  after: VigilesConfig,
): ValueChange[] {
  const [old, now] = [describeConfig(before), describeConfig(after)];
  return paths.map((path) => ({ path, before: valueAt(old, path), after: valueAt(now, path) }));
}

/** Writes a change; `changes` are its values before and after, for the audit. */
export async function changeConfig(
  configuration: Configuration,
  wish: ConfigWish,
  actor: string,
  revision?: string,
) {
  if (typeof wish !== 'string') refuseMarks(wish);
  const before = configuration.current();
  const changed = unwrap(await configuration.change(wish, actor, revision));
  return { ...changed, changes: valuesOf(changed.changed, before, configuration.current()) };
}
