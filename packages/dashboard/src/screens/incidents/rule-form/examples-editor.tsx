import { Plus, X } from 'lucide-react';
import { Button, IconButton } from '../../../ui/button.tsx';
import { TextAreaField } from '../../../ui/field.tsx';
import type { ExampleDraft } from './example-text.ts';

/** Examples of one kind: each is played before the rule is taken. */
export function ExamplesEditor({
  label,
  addLabel,
  drafts,
  errorOf,
  onChange,
}: {
  label: string;
  addLabel: string;
  drafts: readonly ExampleDraft[];
  errorOf: (at: number) => string | undefined;
  onChange: (drafts: ExampleDraft[]) => void;
}) {
  return (
    <>
      {drafts.map((draft, at) => (
        // Nothing else tells one from another, and none has a state of its own.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={at} className="flex items-start gap-2">
          <TextAreaField
            wrap="flex-1"
            label={drafts.length > 1 ? `${label} ${at + 1}` : label}
            value={draft.text}
            rows={Math.min(8, Math.max(2, draft.text.split('\n').length))}
            error={errorOf(at)}
            hint="A log line, or a signal as JSON, each on a line of its own."
            onChange={(text) => onChange(drafts.map((one, place) => (place === at ? { ...one, text } : one)))}
          />
          <IconButton
            label="Remove this example"
            className="mt-6"
            onClick={() => onChange(drafts.filter((_one, place) => place !== at))}
          >
            <X aria-hidden size={16} />
          </IconButton>
        </div>
      ))}
      <Button className="self-start" onClick={() => onChange([...drafts, { text: '', kept: {} }])}>
        <Plus aria-hidden size={14} /> {addLabel}
      </Button>
    </>
  );
}
