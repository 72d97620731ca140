import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { ApiError } from '../../data/api.ts';
import {
  configPlanQuery,
  problemsOf,
  writeConfig,
  type ConfigPlan,
  type ConfigProblem,
  type ConfigWish,
} from '../../data/config.ts';
import { Button } from '../../ui/button.tsx';
import { DialogActions } from '../../ui/dialog-actions.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DiffShown } from '../../ui/diff-shown.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';

function Problems({ problems }: { problems: readonly ConfigProblem[] }) {
  return (
    <ul role="alert" className="flex flex-col gap-1 rounded-md bg-bad-soft px-3 py-2 text-sm text-bad">
      {problems.map(({ path, line, message }) => (
        <li key={`${path}${line}${message}`} className="break-words">
          {line ? `Line ${line}: ` : ''}
          {path && <code className="font-mono text-xs">{path}</code>} {message}
        </li>
      ))}
    </ul>
  );
}

function Effects({ plan }: { plan: ConfigPlan }) {
  return (
    <>
      {plan.overridden.length > 0 && (
        <p className="text-sm text-warn">
          Without effect while the environment or a flag stands above: {plan.overridden.join(', ')}
        </p>
      )}
      {plan.needs_restart.length > 0 && (
        <p className="text-sm text-warn">Taken over by a restart only: {plan.needs_restart.join(', ')}</p>
      )}
    </>
  );
}

/**
 * What a change makes of the file, line by line, before it is written. When somebody else was faster, both are shown:
 * what they changed, and what this change makes of it now.
 */
export function ReviewDialog({
  title,
  verb,
  wish,
  onClose,
  onSaved,
  onProblems,
}: {
  title: string;
  verb: string;
  wish: ConfigWish;
  onClose: () => void;
  onSaved: () => void;
  onProblems?: (problems: readonly ConfigProblem[]) => void;
}) {
  const client = useQueryClient();
  const plan = useQuery(configPlanQuery(wish));
  /** The file as it was when the change was first looked at, once it is known to be another. */
  const [seen, setSeen] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: ({ revision }: ConfigPlan) => writeConfig(wish, revision),
    async onSuccess({ overridden, needs_restart: restart }) {
      toast(overridden.length > 0 ? 'Written, but without effect' : 'Written to vigiles.yaml', {
        description:
          overridden.length > 0
            ? `The environment stands above ${overridden.join(', ')}.`
            : restart.length > 0
              ? `A restart takes over ${restart.join(', ')}.`
              : 'In force now; its comments are kept.',
      });
      await client.invalidateQueries({ queryKey: ['config'] });
      onSaved();
    },
    onError(error) {
      if (error instanceof ApiError && error.code === 'config_changed_meanwhile') {
        setSeen((before) => before ?? plan.data?.before ?? null);
        void plan.refetch();
      }
    },
  });
  const data = plan.data;
  const problems = data?.problems.length ? data.problems : problemsOf(save.error);
  useEffect(() => {
    if (data && onProblems) onProblems(data.problems);
  }, [data, onProblems]);
  const nothing = data && problems.length === 0 && data.before === data.after;
  return (
    <Dialog title={title} onClose={onClose} className="mt-[8vh] w-[min(820px,calc(100vw-24px))]">
      <div className="flex max-h-[66vh] flex-col gap-3 overflow-y-auto p-4">
        {plan.isPending ? (
          <SkeletonRows rows={3} height={28} />
        ) : plan.isError ? (
          problemsOf(plan.error).length > 0 ? (
            <>
              <p>The file itself has problems. Nothing can be written before they are gone:</p>
              <Problems problems={problemsOf(plan.error)} />
            </>
          ) : (
            <ErrorState error={plan.error} what="The plan" retry={() => void plan.refetch()} />
          )
        ) : (
          <>
            {seen !== null && (
              <>
                <p role="alert" className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
                  The file was changed by somebody else meanwhile, and nothing of yours was written. Here is
                  what they changed, and below it what your change makes of it now.
                </p>
                <DiffShown file="Changed meanwhile" before={seen} after={plan.data.before} />
              </>
            )}
            {problems.length > 0 ? (
              <>
                <p>This would be refused. Nothing is written.</p>
                <Problems problems={problems} />
              </>
            ) : (
              <DiffShown
                file={seen === null ? 'vigiles.yaml' : 'Your change'}
                before={plan.data.before}
                after={plan.data.after}
              />
            )}
            {nothing && <p className="text-sm text-text-3">The lines differ in hidden values at most.</p>}
            <Effects plan={plan.data} />
            {save.isError && seen === null && problems.length === 0 && (
              <p role="alert" className="text-sm break-words text-bad">
                {save.error.message}
              </p>
            )}
          </>
        )}
      </div>
      <DialogActions>
        <Button size="md" onClick={onClose}>
          Back
        </Button>
        <Button
          size="md"
          variant="primary"
          disabled={!data || plan.isFetching || problems.length > 0 || save.isPending}
          onClick={() => data && save.mutate(data)}
        >
          {save.isPending ? 'Writing…' : verb}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
