import { Link } from '@tanstack/react-router';
import { RotateCcw, Undo2 } from 'lucide-react';
import { useId } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { Prose } from '../../ui/prose.tsx';
import { Control } from './control.tsx';
import { useForm } from './form-context.ts';
import { nameOf, needsRestart, type Node, type Path } from './schema-tree.ts';

/** Short values are told as they are; long ones would only be in the way. */
const defaultText = (value: unknown): string | null => {
  if (value === undefined) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= 40 ? text || 'empty' : null;
};

function Origin({ path, fallback }: { path: Path; fallback: unknown }) {
  const origin = useForm().origin(path);
  const usual = defaultText(fallback);
  return (
    <>
      {origin.from === 'file' ? (
        <Link
          to="/settings/file"
          hash={`line-${origin.line}`}
          className="num rounded-sm underline decoration-line-strong underline-offset-2 hover:text-text"
        >
          line {origin.line}
        </Link>
      ) : origin.from === 'above' ? (
        <span className="text-warn">
          set by <code className="font-mono">{origin.source}</code>
        </span>
      ) : (
        <span>default</span>
      )}
      {origin.from !== 'default' && usual !== null && <span className="truncate">default: {usual}</span>}
    </>
  );
}

/** One setting: what it is, where its value comes from, and its control. */
export function SettingRow({ node, path, title }: { node: Node; path: Path; title?: string }) {
  const form = useForm();
  const id = useId();
  const dotted = path.join('.');
  const changed = form.isChanged(path);
  const origin = form.origin(path);
  const problem = form.problem(path);
  return (
    <div
      data-setting={dotted}
      className={cx(
        'relative grid gap-x-8 gap-y-2 px-4 py-3 @2xl:grid-cols-[minmax(0,1fr)_minmax(0,340px)]',
        changed && 'before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent',
      )}
    >
      <div className="min-w-0">
        <div className="flex flex-wrap items-baseline gap-x-2">
          <label id={`${id}-label`} htmlFor={`${id}-control`} className="font-medium">
            {title ?? nameOf(path.at(-1) ?? '')}
          </label>
          <code className="font-mono text-xs break-all text-text-3">{dotted}</code>
        </div>
        <div id={`${id}-about`}>
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
        <div className="mt-1 flex min-w-0 flex-wrap items-center gap-x-3 text-xs text-text-3">
          <Origin path={path} fallback={node.default} />
          {needsRestart(dotted) && <span>takes a restart</span>}
        </div>
      </div>
      <div className="flex min-w-0 items-start gap-1">
        <div className="min-w-0 flex-1">
          <Control
            node={node}
            path={path}
            value={form.value(path) ?? (changed ? undefined : node.default)}
            onChange={(value) => form.set(path, value)}
            disabled={form.readOnly}
            id={`${id}-control`}
            label={`${id}-label`}
            about={`${id}-about`}
            invalid={problem !== undefined}
          />
        </div>
        {changed ? (
          <IconButton label={`Undo the change of ${dotted}`} onClick={() => form.undo(path)}>
            <Undo2 aria-hidden size={14} />
          </IconButton>
        ) : (
          <IconButton
            label={`Back to the default of ${dotted}`}
            className={origin.from === 'file' ? '' : 'invisible'}
            disabled={form.readOnly || origin.from !== 'file'}
            onClick={() => form.set(path, undefined)}
          >
            <RotateCcw aria-hidden size={14} />
          </IconButton>
        )}
      </div>
    </div>
  );
}
