import type { QuietHoursConfig } from '@vigiles/contract';
import { MoonStar } from 'lucide-react';
import { useState } from 'react';
import { problemsBelow, problemsOf, type ConfigAnswer } from '../../data/config.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { FormProblems } from '../gateway/config-form/form-problems.tsx';
import { useChangeConfig } from '../gateway/config-form/use-change-config.ts';
import { newSpan, QuietFields, spanText } from './quiet-fields.tsx';

const rule = ({ except, otherwise }: QuietHoursConfig): string =>
  `${except === 'critical' ? 'Critical ones come through' : 'Nothing comes through'}; the rest is ${
    otherwise === 'hold' ? 'told at the end, as one summary' : 'only kept in the history'
  }.`;

/** When people are left alone. Written into vigiles.yaml. */
export function QuietPanel({ answer }: { answer: ConfigAnswer }) {
  const spans = answer.config.notifications.quiet_hours;
  const [adding, setAdding] = useState(false);
  const remove = useChangeConfig('Quiet hours removed');
  return (
    <Panel
      title="Quiet hours"
      aside={!adding && <Button onClick={() => setAdding(true)}>Add quiet hours</Button>}
      flush
    >
      {spans.length === 0 && !adding && (
        <EmptyState icon={MoonStar} title="No quiet hours">
          Everything is told at once, day and night.
        </EmptyState>
      )}
      <ul className="divide-y divide-line">
        {spans.map((span, i) => (
          <li key={spanText(span) + String(i)} className="flex flex-wrap items-start gap-3 px-4 py-3">
            <div className="min-w-0 flex-1 basis-56">
              <p className="font-medium">{spanText(span)}</p>
              <p className="text-sm text-text-3">{rule(span)}</p>
            </div>
            <Button
              variant="danger"
              aria-label={`Remove ${spanText(span)}`}
              disabled={remove.isPending}
              onClick={() =>
                remove.mutate({
                  edits: [{ path: ['notifications', 'quiet_hours', i], value: null }],
                  revision: answer.revision,
                })
              }
            >
              Remove
            </Button>
          </li>
        ))}
      </ul>
      <FormProblems error={remove.error} elsewhere={[]} below={false} />
      {adding && <QuietForm answer={answer} count={spans.length} onDone={() => setAdding(false)} />}
    </Panel>
  );
}

function QuietForm({ answer, count, onDone }: { answer: ConfigAnswer; count: number; onDone: () => void }) {
  const [draft, setDraft] = useState(newSpan);
  const save = useChangeConfig('Quiet hours added', onDone);
  const base = ['notifications', 'quiet_hours', count];
  const told = problemsBelow(problemsOf(save.error), base.join('.'));
  return (
    <form
      noValidate
      className="flex flex-col gap-3 border-t border-line p-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ edits: [{ path: base, value: draft }], revision: answer.revision });
      }}
    >
      <QuietFields span={draft} onChange={setDraft} errorOf={(name) => told.here.get(name)} />
      <FormProblems error={save.error} elsewhere={told.elsewhere} below={told.here.size > 0} />
      <div className="flex gap-2">
        <Button type="submit" variant="primary" size="md" disabled={save.isPending}>
          {save.isPending ? 'Saving…' : 'Add quiet hours'}
        </Button>
        <Button size="md" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
