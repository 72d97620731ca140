import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { controlClass } from '../../ui/field.tsx';
import { asText } from './as-text.ts';
import type { ControlProps } from './control.tsx';
import { useForm } from './form-context.ts';
import { hiddenMark } from './schema-tree.ts';

/** Names with a value each. Each is a change of its own, so that what is hidden in the others stays. */
export function PairsControl({ node, path, value, disabled, label }: ControlProps) {
  const form = useForm();
  const [name, setName] = useState('');
  const items = typeof node.additionalProperties === 'object' ? node.additionalProperties : {};
  const asNumber = items.type === 'number' || items.type === 'integer';
  const pairs = Object.entries((value ?? {}) as Record<string, unknown>);
  const read = (text: string): unknown =>
    asNumber && text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  const add = (): void => {
    if (name.trim() === '') return;
    form.set([...path, name.trim()], asNumber ? 0 : '');
    setName('');
  };
  return (
    <div role="group" aria-labelledby={label} className="flex flex-col gap-1.5">
      {pairs.map(([key, text]) => (
        <div key={key} className="flex items-center gap-1.5">
          <span className="w-2/5 min-w-0 shrink-0 truncate font-mono text-xs" data-tip={key}>
            {key}
          </span>
          <input
            type="text"
            aria-label={key}
            spellCheck={false}
            autoComplete="off"
            disabled={disabled}
            value={text === hiddenMark ? '' : asText(text)}
            placeholder={text === hiddenMark ? 'Hidden; type to replace' : ''}
            onChange={(event) => form.set([...path, key], read(event.target.value))}
            className={cx(controlClass, 'h-8')}
          />
          <IconButton label={`Remove ${key}`} disabled={disabled} onClick={() => form.remove([...path, key])}>
            <X aria-hidden size={14} />
          </IconButton>
        </div>
      ))}
      <div className="flex items-center gap-1.5">
        <input
          type="text"
          aria-label="Name to add"
          placeholder="Name"
          spellCheck={false}
          autoComplete="off"
          disabled={disabled}
          value={name}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && add()}
          className={cx(controlClass, 'h-8')}
        />
        <Button disabled={disabled || name.trim() === ''} onClick={add}>
          <Plus aria-hidden size={13} /> Add
        </Button>
      </div>
    </div>
  );
}
