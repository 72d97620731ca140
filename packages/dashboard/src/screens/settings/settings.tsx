import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { SearchX, TriangleAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import {
  configQuery,
  configSchemaQuery,
  configSourceQuery,
  secretNamesQuery,
  type ConfigAnswer,
  type ConfigProblem,
  type ConfigSource,
} from '../../data/config.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { removeEntry, setEdit, toPatch, valueAt, workingCopy, type DraftEdit } from './draft.ts';
import { FormContext, type SettingsForm } from './form-context.ts';
import { ReviewDialog } from './review-dialog.tsx';
import { leavesOf, matches, nameOf, type Node } from './schema-tree.ts';
import { Section, Setting } from './section.tsx';
import { sliceGroups } from './slices.ts';

/** More would be no search any more. */
const FOUND_MAX = 60;

const originOf =
  (answer: ConfigAnswer, source: ConfigSource | undefined): SettingsForm['origin'] =>
  (path) => {
    const dotted = path.join('.');
    const above = answer.overrides.find(
      (one) => dotted === one.path || dotted.startsWith(`${one.path}.`) || one.path.startsWith(`${dotted}.`),
    );
    if (above) return { from: 'above', source: above.source };
    const line = source?.lines[dotted];
    return line === undefined ? { from: 'default' } : { from: 'file', line };
  };

function Found({ schema, typed }: { schema: Node; typed: string }) {
  const found = leavesOf(schema).filter((leaf) => matches(leaf, typed));
  if (found.length === 0)
    return (
      <EmptyState icon={SearchX} title="No setting matches">
        Names, paths and descriptions are searched.
      </EmptyState>
    );
  const slices = [...new Set(found.slice(0, FOUND_MAX).map(({ path }) => path[0] ?? ''))];
  return (
    <div className="flex flex-col gap-4">
      {slices.map((slice) => (
        <Panel key={slice} title={nameOf(slice)} flush>
          <div className="@container divide-y divide-line">
            {found
              .slice(0, FOUND_MAX)
              .filter(({ path }) => path[0] === slice)
              .map(({ path, node }) => (
                <Setting key={path.join('.')} node={node} path={path} />
              ))}
          </div>
        </Panel>
      ))}
      {found.length > FOUND_MAX && (
        <p className="text-sm text-text-3">{found.length - FOUND_MAX} more: type on to see them.</p>
      )}
    </div>
  );
}

function Slices({
  schema,
  slice,
  onChange,
  changed,
}: {
  schema: Node;
  slice: string;
  onChange: (slice: string) => void;
  changed: ReadonlySet<string>;
}) {
  const groups = sliceGroups(schema);
  return (
    <>
      <select
        aria-label="Part of the configuration"
        value={slice}
        onChange={(event) => onChange(event.target.value)}
        className="h-8 w-full rounded-md border border-edge bg-surface px-2 md:hidden"
      >
        {groups.map(({ label, slices }) => (
          <optgroup key={label} label={label}>
            {slices.map((one) => (
              <option key={one} value={one}>
                {nameOf(one)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <nav aria-label="Parts of the configuration" className="flex flex-col gap-3 max-md:hidden">
        {groups.map(({ label, slices }) => (
          <div key={label}>
            <p className="mb-1 px-2 text-xs font-medium text-text-3">{label}</p>
            <ul>
              {slices.map((one) => (
                <li key={one}>
                  <button
                    type="button"
                    aria-current={one === slice ? 'true' : undefined}
                    onClick={() => onChange(one)}
                    className="press flex h-7 w-full items-center rounded-md px-2 text-text-2 hover:bg-hover hover:text-text aria-[current]:bg-selected aria-[current]:font-medium aria-[current]:text-text"
                  >
                    {nameOf(one)}
                    {changed.has(one) && (
                      <span className="ml-auto size-1.5 rounded-full bg-accent">
                        <span className="sr-only">changed</span>
                      </span>
                    )}
                  </button>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
    </>
  );
}

function SettingsForms({ answer, schema }: { answer: ConfigAnswer; schema: Node }) {
  const search = useSearch({ from: '/shell/settings-frame/settings' });
  const navigate = useNavigate({ from: '/settings' });
  const source = useQuery(configSourceQuery);
  const secrets = useQuery(secretNamesQuery);
  const [edits, setEdits] = useState<DraftEdit[]>([]);
  const [review, setReview] = useState(false);
  const [problems, setProblems] = useState<readonly ConfigProblem[]>([]);
  const base = answer.config;
  const working = useMemo(() => workingCopy(base, edits), [base, edits]);
  const origin = originOf(answer, source.data);
  const inFile = (path: readonly (string | number)[]): boolean =>
    source.data?.lines[path.join('.')] !== undefined;
  const form: SettingsForm = {
    value: (path) => valueAt(working, path),
    before: (path) => valueAt(base, path),
    set: (path, value) => setEdits((before) => setEdit(before, base, path, value)),
    remove: (path) => setEdits((before) => removeEntry(before, base, path)),
    undo: (path) => setEdits((before) => setEdit(before, base, path, valueAt(base, path))),
    isChanged: (path) =>
      edits.some(
        (edit) =>
          path.every((part, i) => edit.path[i] === part) ||
          (edit.path.length < path.length && edit.path.every((part, i) => path[i] === part)),
      ),
    origin,
    problem(path) {
      const found = problems.find((one) => one.path === path.join('.'));
      return found && `${found.line ? `Line ${found.line}: ` : ''}${found.message}`;
    },
    secretNames: secrets.data ?? [],
    // Whoever may not read the file may not change it either.
    readOnly: source.isError,
  };
  const slices = Object.keys(schema.properties ?? {});
  const slice = search.part && slices.includes(search.part) ? search.part : (slices[0] ?? '');
  const typed = search.q ?? '';
  const node = schema.properties?.[slice] ?? {};
  const changed = new Set(edits.map(({ path }) => String(path[0])));
  return (
    <FormContext value={form}>
      <div className="flex min-h-0 flex-1 flex-col">
        <div className="min-h-0 flex-1 overflow-y-auto">
          <div className="mx-auto grid max-w-[1180px] gap-x-8 gap-y-4 px-(--gutter) py-5 md:grid-cols-[200px_minmax(0,1fr)]">
            <aside className="flex flex-col gap-4 self-start md:sticky md:top-5 md:max-h-[calc(100dvh-140px)] md:overflow-y-auto md:p-0.5">
              <div className="flex">
                <SearchField
                  label="Search settings"
                  value={typed}
                  onChange={(q) =>
                    void navigate({ search: (before) => ({ ...before, q: q || undefined }), replace: true })
                  }
                />
              </div>
              <Slices
                schema={schema}
                slice={typed ? '' : slice}
                changed={changed}
                onChange={(part) => void navigate({ search: { part } })}
              />
            </aside>
            <div className="flex min-w-0 flex-col gap-4">
              <Notes answer={answer} readOnly={form.readOnly} />
              {typed ? (
                <Found schema={schema} typed={typed} />
              ) : (
                <Panel key={slice} title={nameOf(slice)} flush>
                  {node.description && (
                    <p className="border-b border-line px-4 py-2 text-sm text-text-2">{node.description}</p>
                  )}
                  <div className="@container">
                    <Section node={node} path={[slice]} />
                  </div>
                </Panel>
              )}
            </div>
          </div>
        </div>
        {edits.length > 0 && (
          <div className="flex shrink-0 items-center gap-2 border-t border-line bg-raised px-(--gutter) py-2.5">
            <p role="status" className="mr-auto text-sm text-text-2">
              <span className="num">{edits.length}</span> {edits.length === 1 ? 'change' : 'changes'}
              <span className="max-sm:hidden">, not written yet</span>
            </p>
            <Button
              size="md"
              onClick={() => {
                setEdits([]);
                setProblems([]);
              }}
            >
              Discard
            </Button>
            <Button size="md" variant="primary" onClick={() => setReview(true)}>
              Review
            </Button>
          </div>
        )}
      </div>
      {review && (
        <ReviewDialog
          title="Review the change"
          verb="Write"
          wish={{ patch: toPatch(edits, base, inFile) }}
          onClose={() => setReview(false)}
          onProblems={setProblems}
          onSaved={() => {
            setReview(false);
            setEdits([]);
          }}
        />
      )}
    </FormContext>
  );
}

/** What is to be known before anything is changed. */
function Notes({ answer, readOnly }: { answer: ConfigAnswer; readOnly: boolean }) {
  const lines: [string, string][] = [
    ...answer.problems.map((problem): [string, string] => [
      'bg-bad-soft text-bad',
      `The file was changed and refused; the last good one is in force. ${problem.line ? `Line ${problem.line}: ` : ''}${problem.path} ${problem.message}`,
    ]),
    ...(answer.needs_restart.length > 0
      ? [
          ['bg-warn-soft text-warn', `Waits for a restart: ${answer.needs_restart.join(', ')}`] as [
            string,
            string,
          ],
        ]
      : []),
    ...(readOnly
      ? [['bg-idle-soft text-text-2', 'You may read the settings, not change them.'] as [string, string]]
      : []),
  ];
  return lines.map(([tone, text]) => (
    <p key={text} className={cx('flex gap-2 rounded-md px-3 py-2 text-sm break-words', tone)}>
      <TriangleAlert aria-hidden size={14} className="mt-0.5 shrink-0" />
      <span className="min-w-0">{text}</span>
    </p>
  ));
}

/** Every setting of vigiles.yaml as a form that is drawn from its schema. */
export function Settings() {
  usePageTitle('Settings');
  const config = useQuery(configQuery);
  const schema = useQuery(configSchemaQuery);
  const error = config.error ?? schema.error;
  if (error && !(config.data && schema.data))
    return (
      <ErrorState
        error={error}
        what="The settings"
        retry={() => {
          void config.refetch();
          void schema.refetch();
        }}
      />
    );
  if (!config.data || !schema.data) return <SkeletonRows rows={10} height={48} />;
  return <SettingsForms answer={config.data} schema={schema.data} />;
}
