import { useQuery } from '@tanstack/react-query';
import type { FaultMatch } from '@vigiles/contract';
import { Check, CircleDashed } from 'lucide-react';
import { useState } from 'react';
import { testFault } from '../../../data/faults.ts';
import { Button } from '../../../ui/button.tsx';
import { SelectField, TextAreaField, TextField } from '../../../ui/field.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { readCondition } from './condition.ts';
import { signalLines, signalNames, signalStep } from './signal-names.ts';
import type { DetectorDraft } from './rule-draft.ts';
import { useSettled } from '../../../actions/use-settled.ts';

/** What the rule sees in pasted lines or a made-up signal, while it is written. */
export function TryPanel({
  yaml,
  detectors,
  onKeep,
}: {
  yaml: string;
  detectors: readonly DetectorDraft[];
  onKeep: (text: string, kind: 'match' | 'nomatch') => void;
}) {
  const names = signalNames(detectors);
  const [chosen, setMode] = useState<'lines' | 'signal' | null>(null);
  const [lines, setLines] = useState('');
  const [picked, setPicked] = useState('');
  const [fields, setFields] = useState('');
  const [times, setTimes] = useState('1');
  const mode = chosen ?? (detectors.some(({ type }) => type === 'log') ? 'lines' : 'signal');
  const name = names.includes(picked) ? picked : (names[0] ?? '');
  const values = readCondition(fields);
  const text = mode === 'lines' ? lines : name === '' ? '' : signalLines(name, values, Number(times));
  const asked = useSettled(JSON.stringify([text, yaml]), 400);
  const [askedText = '', askedYaml = ''] = JSON.parse(asked) as string[];
  const tried = useQuery({
    queryKey: ['fault-test', askedText, askedYaml],
    queryFn: () => testFault(askedText, askedYaml),
    enabled: askedText.trim() !== '',
    placeholderData: (before) => before,
    retry: false,
    gcTime: 10_000,
  });
  const keep = (kind: 'match' | 'nomatch') =>
    onKeep(mode === 'lines' ? lines : signalStep(name, values, Number(times)), kind);
  return (
    <div className="flex flex-col gap-3 rounded-lg border border-line p-3">
      <Segmented
        label="Try it on"
        items={[
          { id: 'lines', label: 'Pasted lines' },
          { id: 'signal', label: 'A made-up signal' },
        ]}
        value={mode}
        onChange={(id) => setMode(id === 'lines' ? 'lines' : 'signal')}
      />
      {mode === 'lines' ? (
        <TextAreaField label="Lines to try it on" value={lines} onChange={setLines} rows={4} />
      ) : names.length === 0 ? (
        <p className="text-sm text-text-3">No detector waits for a signal yet: they only read lines.</p>
      ) : (
        <>
          <div className="grid grid-cols-[minmax(0,1fr)_80px] gap-3">
            <SelectField
              label="Signal"
              value={name}
              onChange={setPicked}
              choices={names.map((id) => ({ id, label: id }))}
            />
            <TextField label="Times" value={times} onChange={setTimes} inputMode="numeric" />
          </div>
          <TextAreaField
            label="Its fields"
            value={fields}
            onChange={setFields}
            rows={2}
            hint="One a line: status: 401. A measured value is value: 900."
          />
        </>
      )}
      <div aria-live="polite" className="flex flex-col gap-2 text-sm">
        {askedText.trim() !== '' && tried.data && (
          <Verdict match={tried.data.matches[0]} problem={tried.data.problems[0]?.message} />
        )}
        {tried.error && <p className="break-words text-bad">{tried.error.message}</p>}
      </div>
      {text.trim() !== '' && (
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => keep('match')}>Keep as example</Button>
          <Button onClick={() => keep('nomatch')}>Keep as one that must not match</Button>
        </div>
      )}
    </div>
  );
}

function Verdict({ match, problem }: { match: FaultMatch | undefined; problem: string | undefined }) {
  if (problem !== undefined) return <p className="text-text-2">It cannot be tried yet: {problem}</p>;
  if (!match) return <p className="text-text-2">It sees nothing of this.</p>;
  return (
    <>
      <p className={match.fires ? 'font-medium text-ok' : 'text-pretty text-text-2'}>
        {match.fires ? 'This would be seen as the fault.' : `Not yet: ${match.missing.join('; ')}.`}
      </p>
      <ul className="flex flex-col gap-1">
        {match.signals.map(({ signal, looks_for: what, seen, needed, met, line }, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- two detectors may share a signal
          <li key={at} className="flex gap-2">
            {met ? (
              <Check aria-label="met" size={16} className="mt-0.5 shrink-0 text-ok" />
            ) : (
              <CircleDashed aria-label="not met" size={16} className="mt-0.5 shrink-0 text-text-3" />
            )}
            <span className="min-w-0 break-words">
              <span className="font-mono text-xs">{signal}</span>{' '}
              <span className="text-text-2">
                {seen} of {needed}
                {line !== null && `, first in line ${line}`}
              </span>{' '}
              <span className="text-text-3">{what}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
