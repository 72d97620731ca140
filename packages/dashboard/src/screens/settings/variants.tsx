import type { ReactNode } from 'react';
import { Undo2 } from 'lucide-react';
import { IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { controlClass } from '../../ui/field.tsx';
import { Prose } from '../../ui/prose.tsx';
import { useForm } from './form-context.ts';
import { formOf, formsOf, nameOf, variantOf, type Node, type Path } from './schema-tree.ts';

/** A setting of one of several forms: which one, and then its own settings; `inside` draws those. */
export function Variants({
  node,
  path,
  inside,
}: {
  node: Node;
  path: Path;
  inside: (form: Node, at: Path) => ReactNode;
}) {
  const form = useForm();
  const value = form.value(path);
  const dotted = path.join('.');
  const forms = formsOf(node);
  const isSet = typeof value === 'object' && value !== null;
  const chosen = formOf(node, value);
  const word = isSet ? (forms.find((one) => one.form === chosen)?.word ?? '') : '';
  const choose = (next: string): void => {
    const other = forms.find((one) => one.word === next)?.form;
    form.set(path, other && variantOf(other, value));
  };
  const problem = form.problem(path);
  const id = `${dotted}-form`;
  return (
    <div data-setting={dotted}>
      <div
        className={cx(
          'relative grid gap-x-8 gap-y-2 px-4 py-3 @2xl:grid-cols-[minmax(0,1fr)_minmax(0,340px)]',
          form.isChanged(path) &&
            'before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent',
        )}
      >
        <div className="min-w-0">
          <div className="flex flex-wrap items-baseline gap-x-2">
            <label htmlFor={id} className="font-medium">
              {nameOf(path.at(-1) ?? '')}
            </label>
            <code className="font-mono text-xs break-all text-text-3">{dotted}</code>
          </div>
          {node.description && (
            <p className="mt-0.5 text-sm text-pretty text-text-2">
              <Prose text={node.description} />
            </p>
          )}
          {problem && (
            <p role="alert" className="mt-0.5 text-sm break-words text-bad">
              {problem}
            </p>
          )}
        </div>
        <div className="flex min-w-0 items-start gap-1">
          <div className="min-w-0 flex-1">
            <select
              id={id}
              value={word}
              disabled={form.readOnly}
              aria-invalid={problem !== undefined || undefined}
              onChange={(event) => choose(event.target.value)}
              className={cx(controlClass, 'h-8 max-w-64 pr-1')}
            >
              <option value="">Not set</option>
              {forms.map((one) => (
                <option key={one.word}>{one.word}</option>
              ))}
            </select>
          </div>
          {form.isChanged(path) ? (
            <IconButton label={`Undo the change of ${dotted}`} onClick={() => form.undo(path)}>
              <Undo2 aria-hidden size={14} />
            </IconButton>
          ) : (
            <span className="w-7 shrink-0" />
          )}
        </div>
      </div>
      {isSet && <div className="mb-3 ml-6 border-l border-line">{inside(chosen, path)}</div>}
    </div>
  );
}
