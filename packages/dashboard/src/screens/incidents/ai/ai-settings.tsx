import { useState } from 'react';
import { problemsBelow, problemsOf, type ConfigAnswer, type ConfigEdit } from '../../../data/config.ts';
import { Button } from '../../../ui/button.tsx';
import { CheckField, SelectField, TextField } from '../../../ui/field.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { useChangeConfig } from '../../gateway/config-form/use-change-config.ts';

const numbers = [
  ['min_confidence', 'Least confidence (0–1)'],
  ['per_minute', 'Questions a minute'],
  ['per_day', 'Questions a day'],
  ['monthly_usd', 'US dollars a month'],
  ['max_tokens', 'Tokens of an answer'],
  ['timeout_s', 'Seconds to answer'],
] as const;

const modes = [
  { id: 'suggest', label: 'Suggest: a person decides' },
  { id: 'act', label: 'Act: within the guards' },
];

/** The slice `watchdog.ai` of vigiles.yaml as a form. */
export function AiSettings({ answer }: { answer: ConfigAnswer }) {
  const { ai } = answer.config.watchdog;
  const { providers, routes } = answer.config.gateway;
  const [enabled, setEnabled] = useState(ai.enabled);
  const [model, setModel] = useState(ai.model ?? '');
  const [auto, setAuto] = useState<string>(ai.auto);
  const [values, setValues] = useState<Record<string, string>>(
    Object.fromEntries(numbers.map(([name]) => [name, String(ai[name])])),
  );
  const change = useChangeConfig('The AI’s settings are in force');
  const { here, elsewhere } = problemsBelow(problemsOf(change.error), 'watchdog.ai');

  const edits = (): ConfigEdit[] => {
    const wanted: Record<string, unknown> = {
      enabled,
      auto,
      model: model.trim() === '' ? null : model.trim(),
    };
    for (const [name] of numbers) wanted[name] = Number(values[name]);
    const now: Record<string, unknown> = { ...ai, model: ai.model ?? null };
    return Object.entries(wanted)
      .filter(([name, value]) => now[name] !== value)
      .map(([name, value]) => ({ path: ['watchdog', 'ai', name], value }));
  };
  const open = edits();
  const names = [
    ...routes.map((route) => route.model),
    ...providers.flatMap(({ id, models }) => models.map((name) => `${id}/${name}`)),
  ];
  return (
    <Panel title="Settings">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (open.length > 0) change.mutate({ edits: open, revision: answer.revision });
        }}
      >
        <CheckField
          label="Ask a model where no rule and no experience knows"
          checked={enabled}
          onChange={setEnabled}
        />
        <TextField
          label="Model or route"
          value={model}
          onChange={setModel}
          list="ai-models"
          placeholder={answer.config.gateway.default_model ?? 'provider/model'}
          hint="As agents ask the gateway for it; a cheap one will do."
          error={here.get('model')}
        />
        <datalist id="ai-models">
          {[...new Set(names)].filter(Boolean).map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <SelectField label="What it may do" value={auto} onChange={setAuto} choices={modes} />
        <div className="grid grid-cols-2 gap-3">
          {numbers.map(([name, label]) => (
            <TextField
              key={name}
              label={label}
              inputMode="decimal"
              value={values[name] ?? ''}
              onChange={(text) => setValues({ ...values, [name]: text })}
              error={here.get(name)}
            />
          ))}
        </div>
        {(elsewhere.length > 0 || (change.isError && here.size === 0)) && (
          <p role="alert" className="text-sm text-bad">
            {elsewhere[0]?.message ?? change.error?.message}
          </p>
        )}
        <Button type="submit" variant="primary" disabled={open.length === 0 || change.isPending}>
          {change.isPending ? 'Writing…' : 'Write to vigiles.yaml'}
        </Button>
      </form>
    </Panel>
  );
}
