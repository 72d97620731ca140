import { fault, raise, type Result } from '../../kernel/fault.ts';
import type { ConfigChange, ConfigEdit, Configuration } from '../../platform/config/index.ts';
import { redactedMark } from '../../platform/secrets/index.ts';

/** A dotted path as its parts; digits are list positions. */
export const parsePath = (path: string | (string | number)[]): (string | number)[] =>
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

export async function changeConfig(
  configuration: Configuration,
  edits: readonly ConfigEdit[],
  actor: string,
  revision?: string,
) {
  refuseMarks(edits);
  return unwrap(await configuration.change(edits, actor, revision));
}
