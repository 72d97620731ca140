import { useQuery } from '@tanstack/react-query';
import type { ActionTargetClass } from '@vigiles/contract';
import { actionsQuery } from '../data/queries.ts';
import { openPlan } from '../shell/ui-store.ts';

/** Every other action that can be aimed at a target; choosing one shows its plan, nothing more. */
export function MoreActions({
  target,
  targetClass,
  without = [],
}: {
  target: string;
  targetClass: ActionTargetClass;
  without?: readonly string[];
}) {
  const actions = (useQuery(actionsQuery).data ?? []).filter(
    ({ id, targets }) => targets.includes(targetClass) && !without.includes(id),
  );
  if (actions.length === 0) return null;
  return (
    <select
      aria-label={`More actions for ${target}`}
      value=""
      onChange={(event) => {
        const chosen = actions.find(({ id }) => id === event.target.value);
        if (chosen) openPlan(chosen.id, chosen.title, target);
      }}
      className="h-7 max-w-full rounded-md border border-edge bg-surface px-2 text-sm"
    >
      <option value="">More actions…</option>
      {actions.map(({ id, title }) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
    </select>
  );
}
