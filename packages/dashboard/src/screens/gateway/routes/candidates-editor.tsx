import { ArrowDown, ArrowUp, GripVertical, Plus, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button, IconButton } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { SelectField, TextField } from '../../../ui/field.tsx';
import { moved, newCandidate, whenFields, type CandidateDraft, type WhenField } from './route-draft.ts';

const labels: Record<WhenField, { label: string; hint?: string }> = {
  needs: { label: 'Needs', hint: 'images, tools, reasoning, structured_output' },
  privacy: { label: 'Privacy', hint: 'private, internal, public' },
  tags: { label: 'With a tag' },
  without_tags: { label: 'Without tags' },
  workspace: { label: 'Workspace' },
  intent: { label: 'Intent' },
  min_input_tokens: { label: 'From tokens' },
  max_input_tokens: { label: 'Up to tokens' },
};

function Conditions({
  candidate,
  at,
  errorOf,
  onChange,
}: {
  candidate: CandidateDraft;
  at: number;
  errorOf: (path: string) => string | undefined;
  onChange: (candidate: CandidateDraft) => void;
}) {
  const set = whenFields.filter((field) => candidate.when[field] !== '').length;
  const wrong = whenFields.some((field) => errorOf(`candidates.${at}.when.${field}`) !== undefined);
  return (
    <details open={wrong || undefined}>
      <summary className="rounded-sm py-1 text-sm text-text-2">
        Only when… {set > 0 && <span className="num text-text-3">({set})</span>}
      </summary>
      <div className="mt-2 grid grid-cols-2 gap-3">
        {whenFields.map((field) => (
          <TextField
            key={field}
            {...labels[field]}
            value={candidate.when[field]}
            error={errorOf(`candidates.${at}.when.${field}`)}
            onChange={(text) => onChange({ ...candidate, when: { ...candidate.when, [field]: text } })}
          />
        ))}
      </div>
    </details>
  );
}

/**
 * The candidates of a route in their order. They are dragged by the grip, or moved with the buttons: dragging alone
 * would leave some people out (WCAG 2.5.7).
 */
export function CandidatesEditor({
  candidates,
  providers,
  weighted,
  errorOf,
  onChange,
}: {
  candidates: CandidateDraft[];
  providers: readonly string[];
  weighted: boolean;
  errorOf: (path: string) => string | undefined;
  onChange: (candidates: CandidateDraft[]) => void;
}) {
  const [dragged, setDragged] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  const list = useRef<HTMLOListElement>(null);
  const move = (from: number, to: number): void => {
    onChange(moved(candidates, from, to));
    setSaid(`${candidates[from]?.provider || 'Candidate'} is now ${to + 1} of ${candidates.length}.`);
  };
  const byButton = (from: number, to: number, name: string): void => {
    move(from, to);
    // The focus stays with the entry that was moved.
    requestAnimationFrame(() =>
      list.current?.children[to]?.querySelector<HTMLElement>(`[data-move="${name}"]`)?.focus(),
    );
  };
  const nextKey = Math.min(0, ...candidates.map(({ key }) => key)) - 1;

  return (
    <div className="flex flex-col gap-2">
      <h3 className="text-sm text-text-2">Candidates, in this order</h3>
      <ol ref={list} className="flex flex-col gap-2">
        {candidates.map((candidate, at) => {
          const change = (next: CandidateDraft): void => onChange(candidates.with(at, next));
          const name = candidate.provider || `candidate ${at + 1}`;
          return (
            <li
              key={candidate.key}
              onDragOver={(event) => {
                if (dragged === null) return;
                event.preventDefault();
                if (dragged === at) return;
                onChange(moved(candidates, dragged, at));
                setDragged(at);
              }}
              onDrop={(event) => event.preventDefault()}
              className={cx('rounded-md border border-line-strong p-3', dragged === at && 'bg-selected')}
            >
              <div className="mb-2 flex items-center gap-1">
                <span
                  aria-hidden
                  draggable
                  data-tip="Drag to reorder"
                  onDragStart={(event) => {
                    event.dataTransfer.effectAllowed = 'move';
                    setDragged(at);
                  }}
                  onDragEnd={() => setDragged(null)}
                  className="grid size-6 cursor-grab place-items-center text-text-3"
                >
                  <GripVertical size={14} />
                </span>
                <span className="num mr-auto text-sm text-text-3">{at + 1}</span>
                <IconButton
                  label={`Move ${name} up`}
                  data-move="up"
                  aria-disabled={at === 0}
                  onClick={() => at > 0 && byButton(at, at - 1, 'up')}
                >
                  <ArrowUp aria-hidden size={14} />
                </IconButton>
                <IconButton
                  label={`Move ${name} down`}
                  data-move="down"
                  aria-disabled={at === candidates.length - 1}
                  onClick={() => at < candidates.length - 1 && byButton(at, at + 1, 'down')}
                >
                  <ArrowDown aria-hidden size={14} />
                </IconButton>
                <IconButton label={`Remove ${name}`} onClick={() => onChange(candidates.toSpliced(at, 1))}>
                  <Trash2 aria-hidden size={14} />
                </IconButton>
              </div>
              <div className={cx('grid gap-3', weighted ? 'grid-cols-[1fr_1fr_64px]' : 'grid-cols-2')}>
                <SelectField
                  label="Provider"
                  value={candidate.provider}
                  onChange={(provider) => change({ ...candidate, provider })}
                  error={errorOf(`candidates.${at}.provider`)}
                  choices={[{ id: '', label: 'Choose…' }, ...providers.map((id) => ({ id, label: id }))]}
                />
                <TextField
                  label="Model"
                  value={candidate.model}
                  placeholder="as asked for"
                  onChange={(model) => change({ ...candidate, model })}
                  error={errorOf(`candidates.${at}.model`)}
                />
                {weighted && (
                  <TextField
                    label="Weight"
                    inputMode="decimal"
                    value={candidate.weight}
                    onChange={(weight) => change({ ...candidate, weight })}
                    error={errorOf(`candidates.${at}.weight`)}
                  />
                )}
              </div>
              <div className="mt-2">
                <Conditions candidate={candidate} at={at} errorOf={errorOf} onChange={change} />
              </div>
            </li>
          );
        })}
      </ol>
      {errorOf('candidates') && <p className="text-sm text-bad">{errorOf('candidates')}</p>}
      <Button className="self-start" onClick={() => onChange([...candidates, newCandidate(nextKey)])}>
        <Plus aria-hidden size={14} /> Add candidate
      </Button>
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
    </div>
  );
}
