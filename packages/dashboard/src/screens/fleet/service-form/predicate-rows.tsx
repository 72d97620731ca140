import { Plus, X } from 'lucide-react';
import { Button, IconButton } from '../../../ui/button.tsx';
import { SelectField, TextField } from '../../../ui/field.tsx';

interface Row {
  path: string;
  is: string;
  value?: unknown;
}

const alone = new Set(['exists', 'absent', 'past', 'future']);

const shown = (value: unknown): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** `12`, `true`, `null` and lists are what they look like; anything else is a text. */
function read(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function rowsOf(text: string): Row[] {
  try {
    const value: unknown = JSON.parse(text || '[]');
    return Array.isArray(value) ? (value as Row[]) : [];
  } catch {
    return [];
  }
}

/** What has to hold in a JSON document, one row each. */
export function PredicateRows({
  label,
  hint,
  value,
  choices,
  onChange,
}: {
  label: string;
  hint: string;
  value: string;
  /** How a value can be compared, as the schema has it. */
  choices: readonly string[];
  onChange: (value: string) => void;
}) {
  const rows = rowsOf(value);
  const put = (next: Row[]): void => onChange(next.length === 0 ? '' : JSON.stringify(next));
  const set = (at: number, change: Partial<Row>): void =>
    put(
      rows.map((row, i) => {
        const { value: wanted, ...rest } = { ...row, ...(i === at ? change : {}) };
        return alone.has(rest.is) || wanted === undefined ? rest : { ...rest, value: wanted };
      }),
    );
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm text-text-2">{label}</legend>
      {rows.map((row, i) => (
        <div key={i} className="flex flex-wrap items-end gap-2">
          <TextField
            wrap="min-w-32 flex-1 basis-32"
            label="Path"
            className="font-mono text-xs"
            placeholder="queues[0].depth"
            value={row.path}
            onChange={(path) => set(i, { path })}
          />
          <SelectField
            wrap="w-28"
            label="Is"
            value={row.is}
            onChange={(is) => set(i, { is })}
            choices={choices.map((id) => ({ id, label: id.replaceAll('_', ' ') }))}
          />
          {!alone.has(row.is) && (
            <TextField
              wrap="min-w-24 flex-1 basis-24"
              label="Value"
              className="font-mono text-xs"
              value={shown(row.value)}
              onChange={(text) => set(i, { value: read(text) })}
            />
          )}
          <IconButton label="Remove this condition" onClick={() => put(rows.filter((_row, at) => at !== i))}>
            <X aria-hidden size={14} />
          </IconButton>
        </div>
      ))}
      <div className="flex items-center gap-3">
        <Button onClick={() => put([...rows, { path: '', is: 'equals', value: '' }])}>
          <Plus aria-hidden size={14} /> Condition
        </Button>
        <span className="text-sm text-pretty text-text-3">{hint}</span>
      </div>
    </fieldset>
  );
}
