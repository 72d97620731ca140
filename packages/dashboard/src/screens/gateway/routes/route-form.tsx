import type { RouteConfig } from '@vigiles/contract';
import { useState } from 'react';
import { problemsBelow, problemsOf, type ConfigAnswer } from '../../../data/config.ts';
import { CheckField, SelectField, TextField } from '../../../ui/field.tsx';
import { FormEnd } from '../config-form/form-end.tsx';
import { useChangeConfig } from '../config-form/use-change-config.ts';
import { CandidatesEditor } from './candidates-editor.tsx';
import { draftOf, draftProblems, routeEdits, routeValue } from './route-draft.ts';
import { Trial } from './trial.tsx';

export const strategies = [
  { id: 'ordered', label: 'Ordered: as listed' },
  { id: 'weighted', label: 'Weighted: by shares' },
  { id: 'least-latency', label: 'Least latency' },
  { id: 'cheapest', label: 'Cheapest' },
] as const;

/** Adds a route, or changes one; what it would do can be tried before it is saved. */
export function RouteForm({
  answer,
  route,
  place,
  providers,
  onDone,
}: {
  answer: ConfigAnswer;
  /** Null: a new one. */
  route: RouteConfig | null;
  place: number;
  providers: readonly string[];
  onDone: (model: string | null) => void;
}) {
  const [start] = useState(() => ({ revision: answer.revision, routes: answer.config.gateway.routes }));
  const [draft, setDraft] = useState(() => draftOf(route));
  const [tried, setTried] = useState(false);
  const save = useChangeConfig(route ? 'Route changed' : 'Route added', () => onDone(draft.model.trim()));
  const remove = useChangeConfig('Route removed', () => onDone(null));
  const count = start.routes.length;
  const problems = draftProblems(draft);
  const told = problemsBelow(problemsOf(save.error), `gateway.routes.${route ? place : count}`);
  const errorOf = (path: string): string | undefined =>
    (tried ? problems.get(path) : undefined) ?? told.here.get(path);
  const fresh = { path: ['gateway', 'routes'], value: [routeValue(draft)] };
  const added = { path: ['gateway', 'routes', count], value: routeValue(draft) };
  const edits = route ? routeEdits(draft, route, place) : [count === 0 ? fresh : added];
  // What is tried is what would be saved, in its place among the others.
  const value = routeValue(draft, route) as unknown as RouteConfig;
  const routes = route ? start.routes.with(place, value) : [...start.routes, value];

  return (
    <div className="divide-y divide-line">
      <form
        noValidate
        className="flex flex-col gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (problems.size === 0 && edits.length > 0) save.mutate({ edits, revision: start.revision });
        }}
      >
        <TextField
          label="Model that is asked for"
          value={draft.model}
          hint="* at the end matches any rest. The first route that matches is taken."
          error={errorOf('model')}
          onChange={(model) => setDraft((now) => ({ ...now, model }))}
        />
        <div className="grid grid-cols-2 gap-3">
          <SelectField
            label="Strategy"
            value={draft.strategy}
            error={errorOf('strategy')}
            onChange={(strategy) =>
              setDraft((now) => ({ ...now, strategy: strategy as typeof now.strategy }))
            }
            choices={strategies}
          />
          <SelectField
            label="When no call is found"
            value={draft.synthesis}
            error={errorOf('synthesis')}
            onChange={(synthesis) => setDraft((now) => ({ ...now, synthesis }))}
            choices={[
              { id: '', label: 'Nothing' },
              { id: 'suggest', label: 'Suggest what was meant' },
              { id: 'safe', label: 'Read-only calls' },
            ]}
          />
        </div>
        <CheckField
          label="Local first, the cloud when it is earned"
          checked={draft.policy}
          onChange={(policy) => setDraft((now) => ({ ...now, policy }))}
        />
        <CandidatesEditor
          candidates={draft.candidates}
          providers={providers}
          weighted={draft.strategy === 'weighted'}
          errorOf={errorOf}
          onChange={(candidates) => setDraft((now) => ({ ...now, candidates }))}
        />
        <FormEnd
          save={save}
          remove={remove}
          told={told}
          unchanged={edits.length === 0}
          addLabel="Add route"
          entry={route && ['gateway', 'routes', place]}
          revision={start.revision}
        />
      </form>
      <section className="p-4" aria-label="Trial of this form">
        <h3 className="mb-2.5 font-medium">Try it before saving</h3>
        <Trial model={draft.model} routes={problems.size === 0 ? routes : undefined} />
      </section>
    </div>
  );
}
