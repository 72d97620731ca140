import { useMutation } from '@tanstack/react-query';
import type { RouteTrial, RouteTrialAsk } from '@vigiles/contract';
import { Ban, FlaskConical, MoveRight } from 'lucide-react';
import { useState } from 'react';
import { tryRoute } from '../../../data/gateway-queries.ts';
import { Button } from '../../../ui/button.tsx';
import { CheckField, SelectField, TextField } from '../../../ui/field.tsx';
import { Candidates, Story } from '../turn/decision.tsx';
import { trialAsk, type TrialDraft } from './trial-ask.ts';

const empty: TrialDraft = {
  model: '',
  privacy: '',
  route: '',
  tags: '',
  workspace: '',
  intent: '',
  tokens: '1000',
  needs: [],
  secret: false,
};
const abilities = [
  { id: 'tools', label: 'Tools' },
  { id: 'images', label: 'Images' },
  { id: 'reasoning', label: 'Thinking' },
  { id: 'structured_output', label: 'JSON schema' },
] as const;

function Result({ trial }: { trial: RouteTrial }) {
  const { goes_to: goal, decision, story } = trial;
  const Icon = goal ? MoveRight : Ban;
  return (
    <div className="flex flex-col gap-3">
      <p className={`flex items-center gap-2 text-lg font-semibold ${goal ? '' : 'text-warn'}`}>
        <Icon aria-hidden size={16} className="shrink-0" />
        <span className="break-all">{goal ? `${goal.provider}/${goal.model}` : 'It would go nowhere'}</span>
      </p>
      <Story story={story} />
      {decision && <Candidates decision={decision} chosen={goal} />}
    </div>
  );
}

/** What would happen to a turn. The gateway decides as it would; nothing is sent. */
export function Trial({ model, routes }: { model: string; routes?: RouteTrialAsk['routes'] }) {
  const [draft, setDraft] = useState<TrialDraft>({ ...empty, model: model.replace(/\*$/, '') });
  const trial = useMutation({ mutationFn: () => tryRoute(trialAsk(draft, routes)) });
  const set = (change: Partial<TrialDraft>): void => setDraft((now) => ({ ...now, ...change }));
  return (
    <form
      className="flex flex-col gap-4 @container"
      onSubmit={(event) => {
        event.preventDefault();
        trial.mutate();
      }}
    >
      <div className="grid grid-cols-2 gap-3 @lg:grid-cols-4">
        <TextField
          label="Model asked for"
          wrap="col-span-2"
          value={draft.model}
          placeholder="as a client would name it"
          onChange={(text) => set({ model: text })}
        />
        <SelectField
          label="Privacy"
          value={draft.privacy}
          onChange={(privacy) => set({ privacy })}
          choices={[
            { id: '', label: 'Not said' },
            { id: 'private', label: 'Private' },
            { id: 'internal', label: 'Internal' },
            { id: 'public', label: 'Public' },
          ]}
        />
        <SelectField
          label="Route"
          value={draft.route}
          onChange={(route) => set({ route })}
          choices={[
            { id: '', label: 'Not said' },
            { id: 'local', label: 'Local' },
            { id: 'cloud', label: 'Cloud' },
          ]}
        />
        <TextField
          label="Tags"
          value={draft.tags}
          placeholder="burst, …"
          onChange={(tags) => set({ tags })}
        />
        <TextField label="Workspace" value={draft.workspace} onChange={(workspace) => set({ workspace })} />
        <TextField label="Intent" value={draft.intent} onChange={(intent) => set({ intent })} />
        <TextField
          label="Input tokens"
          inputMode="numeric"
          value={draft.tokens}
          onChange={(tokens) => set({ tokens })}
        />
      </div>
      <fieldset className="flex flex-wrap gap-x-4">
        <legend className="mb-1 text-sm text-text-2">It needs, and what was found in it</legend>
        {abilities.map(({ id, label }) => (
          <CheckField
            key={id}
            label={label}
            checked={draft.needs.includes(id)}
            onChange={(on) =>
              set({ needs: on ? [...draft.needs, id] : draft.needs.filter((each) => each !== id) })
            }
          />
        ))}
        <CheckField label="A secret" checked={draft.secret} onChange={(secret) => set({ secret })} />
      </fieldset>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" variant="primary" disabled={trial.isPending || draft.model.trim() === ''}>
          <FlaskConical aria-hidden size={14} /> {trial.isPending ? 'Asking…' : 'What would happen?'}
        </Button>
        <p className="text-sm text-text-3">Nothing is sent. Budgets are asked when a turn comes.</p>
      </div>
      <div aria-live="polite">
        {trial.isError ? (
          <p className="rounded-md bg-bad-soft px-3 py-2 break-words text-bad">{trial.error.message}</p>
        ) : (
          trial.data && <Result trial={trial.data} />
        )}
      </div>
    </form>
  );
}
