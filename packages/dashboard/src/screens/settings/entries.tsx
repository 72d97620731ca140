import { Link } from '@tanstack/react-router';
import { ChevronRight, Plus, Trash2, Undo2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { Disclosure } from '../../ui/disclosure.tsx';
import { controlClass } from '../../ui/field.tsx';
import { Prose } from '../../ui/prose.tsx';
import { useForm } from './form-context.ts';
import { blankOf, formOf, formsOf, kindOf, nameOf, type Node, type Path } from './schema-tree.ts';
import { ownScreens } from './slices.ts';

const titleKeys = ['name', 'id', 'title', 'label', 'model', 'path', 'from', 'type', 'command', 'pattern'];

/** What an entry is called: the first of its texts that names it. */
function titleOf(entry: unknown, key: string | number): string {
  if (typeof entry === 'object' && entry !== null) {
    const record = entry as Record<string, unknown>;
    const named = titleKeys
      .map((name) => record[name])
      .find((text) => typeof text === 'string' && text !== '');
    if (typeof named === 'string') return named;
  }
  return nameOf(key);
}

type Inside = (node: Node, path: Path) => ReactNode;

function Entry({ node, path, name, inside }: { node: Node; path: Path; name: string; inside: Inside }) {
  const form = useForm();
  const value = form.value(path);
  const goes = value === undefined;
  const shown = goes ? form.before(path) : value;
  const title = typeof path.at(-1) === 'string' ? name : titleOf(shown, path.at(-1) ?? '');
  const Icon = goes ? Undo2 : Trash2;
  return (
    <div
      className={cx('relative border-b border-line last:border-b-0', form.isChanged(path) && 'bg-selected')}
    >
      <div className="absolute top-1.5 right-3 z-[1]">
        <IconButton
          label={goes ? `Keep ${title}` : `Remove ${title}`}

          disabled={form.readOnly}
          onClick={() => (goes ? form.undo(path) : form.remove(path))}
        >
          <Icon aria-hidden size={14} />
        </IconButton>
      </div>
      <Disclosure
        className="flex h-10 cursor-pointer items-center gap-2 pr-12 pl-4 -outline-offset-2"
        summary={
          <>
            <ChevronRight aria-hidden size={14} className="shrink-0 text-text-3 group-open:rotate-90" />
            <span className={cx('truncate', goes && 'text-text-3 line-through')}>{title}</span>
          </>
        }
      >
        {!goes && (
          <div className="mr-3 mb-3 ml-6 border-l border-line">{inside(formOf(node, value), path)}</div>
        )}
      </Disclosure>
    </div>
  );
}

/** A list or a map of things with settings of their own; `inside` draws those of one. */
export function Entries({ node, path, inside }: { node: Node; path: Path; inside: Inside }) {
  const form = useForm();
  const [word, setWord] = useState('');
  const [name, setName] = useState('');
  const named = kindOf(node) === 'named_entries';
  const item = (named ? node.additionalProperties : node.items) as Node;
  const forms = formsOf(item);
  const now = form.value(path) ?? node.default;
  const was = form.before(path);
  const keys: (string | number)[] = named
    ? [...new Set([...Object.keys(was ?? {}), ...Object.keys(now ?? {})])]
    : [...((now ?? []) as unknown[]).keys()];
  const add = (): void => {
    const form_ = forms.find((one) => one.word === (word || forms[0]?.word))?.form ?? item;
    form.set([...path, named ? name.trim() : keys.length], blankOf(form_));
    setName('');
  };
  const own = ownScreens[path.join('.')];
  return (
    <div data-setting={path.join('.')} className="px-4 py-3">
      <div className="flex flex-wrap items-baseline gap-x-2">
        <h3 className="font-medium">{nameOf(path.at(-1) ?? '')}</h3>
        <code className="font-mono text-xs break-all text-text-3">{path.join('.')}</code>
        {own && (
          <Link
            to={own.to}
            className="ml-auto text-sm text-text-2 underline underline-offset-2 hover:text-text"
          >
            Also on the screen {own.label}
          </Link>
        )}
      </div>
      {node.description && (
        <p className="mt-0.5 text-sm text-pretty text-text-2">
          <Prose text={node.description} />
        </p>
      )}
      {form.problem(path) && (
        <p role="alert" className="mt-0.5 text-sm text-bad">
          {form.problem(path)}
        </p>
      )}
      <div className="mt-2 overflow-hidden rounded-md border border-line">
        {keys.map((key) => (
          <Entry key={key} node={item} path={[...path, key]} name={String(key)} inside={inside} />
        ))}
        <div className="flex items-center gap-2 bg-sunken px-3 py-2">
          {named && (
            <input
              type="text"
              aria-label={`Name of what is added to ${path.join('.')}`}
              placeholder="Name"
              spellCheck={false}
              autoComplete="off"
              value={name}
              onChange={(event) => setName(event.target.value)}
              className={cx(controlClass, 'h-7 max-w-48 text-sm')}
            />
          )}
          {forms.length > 0 && (
            <select
              aria-label={`Kind of what is added to ${path.join('.')}`}
              value={word || forms[0]?.word}
              onChange={(event) => setWord(event.target.value)}
              className={cx(controlClass, 'h-7 max-w-40 text-sm')}
            >
              {forms.map((one) => (
                <option key={one.word}>{one.word}</option>
              ))}
            </select>
          )}
          <Button disabled={form.readOnly || (named && name.trim() === '')} onClick={add}>
            <Plus aria-hidden size={13} /> Add
          </Button>
          {keys.length === 0 && <span className="ml-auto text-sm text-text-3">None</span>}
        </div>
      </div>
    </div>
  );
}
