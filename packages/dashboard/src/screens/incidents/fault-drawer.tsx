import type { FaultView } from '@vigiles/contract';
import { Drawer } from '../../ui/drawer.tsx';
import { severityFace, StateLabel } from '../../ui/state.tsx';

/** One fault: what it is, how it is seen, what is done, what a person can do. */
export function FaultDrawer({ fault, onClose }: { fault: FaultView; onClose: () => void }) {
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
        {parts.map(([title, text]) => (
          <section key={title}>
            <h3 className="text-sm text-text-3">{title}</h3>
            <p className="text-pretty">{text}</p>
          </section>
        ))}
        <section>
          <h3 className="text-sm text-text-3">Signals</h3>
          <p className="font-mono text-sm">{fault.when}</p>
          <ul className="mt-1 grid gap-1 text-sm">
            {detectors.map((detector) => {
              const { type, signal, window, hold_s: _hold, ...rest } = detector;
              return (
                <li key={JSON.stringify(detector)} className="min-w-0">
                  <span className="font-medium">{signal}</span> <span className="text-text-3">{type}</span>{' '}
                  <code className="font-mono text-xs break-all text-text-2">{JSON.stringify(rest)}</code>{' '}
                  {window.count > 1 && (
                    <span className="text-text-3">
                      {window.count} within {window.within_s} s
                    </span>
                  )}
                </li>
              );
            })}
          </ul>
        </section>
        <section>
          <h3 className="text-sm text-text-3">First answer</h3>
          <ol className="list-inside list-decimal text-sm">
            {tier1.map((step) => (
              <li key={JSON.stringify(step)}>
                {step.action}{' '}
                {step.for.length > 0 && <span className="text-text-3">for {step.for.join(', ')}</span>}
              </li>
            ))}
          </ol>
          <p className="text-sm text-text-2">
            After {escalate.after} tries without success:{' '}
            {escalate.to === 'ai' ? 'the diagnosis' : 'a person'}.
          </p>
        </section>
        <p className="text-sm text-text-3">
          {seen.episodes === 0
            ? 'Not seen since Vigiles was started.'
            : `Seen in ${seen.episodes} episodes, ${seen.occurrences} times.`}
          {seen.active.length > 0 && ` Now at ${seen.active.join(', ')}.`}
        </p>
      </div>
    </Drawer>
  );
}
