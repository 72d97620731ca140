import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../../../ui/button.tsx';
import { SelectField } from '../../../ui/field.tsx';

/** One of several parts of a rule: its kind, its settings, and the button that takes it out. */
export function PartCard({
  label,
  kind,
  kinds,
  error,
  about,
  removeLabel,
  onKind,
  onRemove,
  children,
}: {
  label: string;
  kind: string;
  kinds: readonly { id: string; label: string }[];
  error: string | undefined;
  about?: string | undefined;
  removeLabel: string;
  onKind: (kind: string) => void;
  /** Null: it has to stay. */
  onRemove: (() => void) | null;
  children: ReactNode;
}) {
  return (
    <div className="flex flex-col gap-3 rounded-lg border border-line p-3">
      <div className="flex items-end gap-2">
        <SelectField wrap="flex-1" label={label} value={kind} onChange={onKind} choices={kinds} />
        {onRemove && (
          <IconButton label={removeLabel} onClick={onRemove}>
            <X aria-hidden size={16} />
          </IconButton>
        )}
      </div>
      {error !== undefined && <p className="text-sm text-pretty text-bad">{error}</p>}
      {about && <p className="text-sm text-pretty text-text-3">{about}</p>}
      {children}
    </div>
  );
}
