import type { FaultChange, FaultView } from '@vigiles/contract';
import { useState } from 'react';
import { titled, words } from '../../live/describe-event.ts';
import { Button } from '../../ui/button.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { Prose } from '../../ui/prose.tsx';
import { severityFace, StateLabel } from '../../ui/state.tsx';
import { detectorTerms } from './detector-terms.ts';
import { ChangeDialog } from './rule-form/change-dialog.tsx';

const counted = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;
const afterTries = (after: number): string =>
  after === 0 ? 'At once' : `After ${after === 1 ? 'one try' : `${after} tries`} without success`;

/** One fault: what it is, how it is seen, what is done, what a person can do. */
export function FaultDrawer({
  fault,
  onEdit,
  onClose,
}: {
  fault: FaultView;
  onEdit: () => void;
  onClose: () => void;
}) {
  const [change, setChange] = useState<{ title: string; verb: string; change: FaultChange } | null>(null);
  const own = fault.source === 'user';
  const { docs, tier1, escalate, detectors, seen } = fault;
  const parts: [string, string][] = [
    ['What it is', docs.what],
    ['How it is seen', docs.seen],
    ['What is done', docs.done],
    ['What you can do', escalate.advice === '' ? docs.person : `${docs.person} ${escalate.advice}`],
  ];
  return (
    <Drawer title={`${fault.id} · ${fault.title}`} label={`Fault ${fault.id}`} onClose={onClose}>
      <div className="grid gap-4 overflow-y-auto p-4">
        <div className="flex flex-wrap items-center gap-3 text-sm text-text-2">
          <StateLabel face={severityFace[fault.severity]} />
          <span>{fault.applies_to.class.join(', ')}</span>
          <span>{fault.source === 'user' ? (fault.file ?? 'yours') : 'built in'}</span>
          {!fault.enabled && <span className="text-bad">switched off</span>}
        </div>
        <div className="flex flex-wrap gap-2">
          <Button onClick={onEdit}>{own ? 'Edit' : 'Override'}</Button>
          <Button
            onClick={() =>
              setChange(
                fault.enabled
                  ? { title: `Switch ${fault.id} off`, verb: 'Switch off', change: { disable: fault.id } }
                  : { title: `Switch ${fault.id} on`, verb: 'Switch on', change: { enable: fault.id } },
              )
            }
          >
            {fault.enabled ? 'Switch off' : 'Switch on'}
          </Button>
          {own && (
            <Button
              variant="danger"
              onClick={() =>
                setChange({ title: `Remove ${fault.id}`, verb: 'Remove', change: { remove: fault.id } })
              }
            >
              {fault.overrides ? 'Back to the built-in one' : 'Remove'}
            </Button>
          )}
        </div>
        {parts.map(([title, text]) => (
          <section key={title}>
            <h3 className="text-sm text-text-3">{title}</h3>
            <p className="text-pretty break-words">
              <Prose text={text} />
            </p>
          </section>
        ))}
        <section>
          <h3 className="text-sm text-text-3">Signals</h3>
          <p className="font-mono text-sm">{fault.when}</p>
          <ul className="mt-1.5 grid gap-2 text-sm">
            {detectors.map((detector) => (
              <li key={JSON.stringify(detector)} className="min-w-0">
                <span className="font-medium">{detector.signal}</span>{' '}
                <span className="text-text-3">
                  {words(detector.type)}
                  {detector.window.count > 1 &&
                    `, ${detector.window.count} within ${detector.window.within_s} s`}
                </span>
                <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-3 font-mono text-xs">
                  {detectorTerms(detector).map(([name, value]) => (
                    <div key={name} className="contents">
                      <dt className="text-text-3">{name}</dt>
                      <dd className="break-words text-text-2">{value}</dd>
                    </div>
                  ))}
                </dl>
              </li>
            ))}
          </ul>
        </section>
        <section>
          <h3 className="text-sm text-text-3">First answer</h3>
          <ol className="list-inside list-decimal text-sm">
            {tier1.map((step) => (
              <li key={JSON.stringify(step)}>
                {titled(step.action)}{' '}
                {step.for.length > 0 && <span className="text-text-3">for {step.for.join(', ')}</span>}
              </li>
            ))}
          </ol>
          <p className="text-sm text-text-2">
            {afterTries(escalate.after)} {escalate.to === 'ai' ? 'the AI is asked' : 'a person is called'}.
          </p>
        </section>
        <p className="text-sm text-text-3">
          {seen.episodes === 0
            ? 'Not seen since Vigiles was started.'
            : `Seen in ${counted(seen.episodes, 'episode')}, ${counted(seen.occurrences, 'time')}.`}
          {seen.active.length > 0 && ` Now at ${seen.active.join(', ')}.`}
        </p>
      </div>
      {change && <ChangeDialog {...change} onClose={() => setChange(null)} />}
    </Drawer>
  );
}
