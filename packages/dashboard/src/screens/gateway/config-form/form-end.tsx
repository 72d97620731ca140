import type { ConfigEdit, ConfigProblem } from '../../../data/config.ts';
import { Button } from '../../../ui/button.tsx';
import { FormProblems } from './form-problems.tsx';
import type { useChangeConfig } from './use-change-config.ts';

type Change = ReturnType<typeof useChangeConfig>;

/** The end of a form that edits one entry of a list in vigiles.yaml: what was refused, and what can be done. */
export function FormEnd({
  save,
  remove,
  told,
  unchanged,
  addLabel,
  entry,
  revision,
}: {
  save: Change;
  remove: Change;
  told: { elsewhere: readonly ConfigProblem[]; here: ReadonlyMap<string, string> };
  /** There is nothing to save. */
  unchanged: boolean;
  addLabel: string;
  /** Where the entry stands in the file; null: it is new. */
  entry: ConfigEdit['path'] | null;
  /** The file that the form was read from. */
  revision: string;
}) {
  return (
    <>
      <FormProblems
        error={save.error ?? remove.error}
        elsewhere={told.elsewhere}
        below={told.here.size > 0}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" size="md" disabled={save.isPending || unchanged}>
          {save.isPending ? 'Saving…' : entry ? 'Save' : addLabel}
        </Button>
        {entry && (
          <Button
            variant="danger"
            size="md"
            className="ml-auto"
            disabled={remove.isPending}
            onClick={() => remove.mutate({ edits: [{ path: entry, value: null }], revision })}
          >
            Remove
          </Button>
        )}
      </div>
    </>
  );
}
