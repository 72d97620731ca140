import type { Turn } from '@vigiles/contract';
import { Badge } from '../../../ui/badge.tsx';
import type { ReactNode } from 'react';

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <p className="mb-1 text-sm text-text-3">{title}</p>
      <ul aria-label={title} className="flex flex-col gap-1.5">
        {children}
      </ul>
    </div>
  );
}

const code = (text: string) => <code className="font-mono text-xs break-all text-text-2">{text}</code>;

/** Everything the gateway changed on the way there and back. */
export function Changes({ turn }: { turn: Turn }) {
  const { losses, adaptations, continuations, repairs, faults, synthesis } = turn;
  const none =
    losses.length + adaptations.length + continuations.length + repairs.length + faults.length === 0 &&
    synthesis === null;
  return (
    <div className="flex flex-col gap-4">
      {repairs.length > 0 && (
        <Group title="Tool calls put right">
          {repairs.map((repair, i) => (
            <li key={i}>
              <Badge>{repair.kind}</Badge> {code(repair.tool)}
              <p className="break-words">{repair.detail}</p>
            </li>
          ))}
        </Group>
      )}
      {faults.length > 0 && (
        <Group title="Faults of the catalogue">
          {faults.map((one) => (
            <li key={one.fault} className="break-words">
              <span className="font-medium">{one.fault}</span>
              {one.count > 1 && <span className="num text-text-3"> × {one.count}</span>}{' '}
              <span className={one.recovered ? 'text-ok' : 'text-warn'}>
                {one.recovered ? 'recovered' : 'not recovered'}
              </span>{' '}
              <span className="text-text-2">{one.detail}</span>
            </li>
          ))}
        </Group>
      )}
      {synthesis && (
        <Group title="What the model may have wanted">
          <li>
            {synthesis.tool === null ? (
              'Understood, but nothing may be done about it.'
            ) : (
              <>
                {code(`${synthesis.tool} ${synthesis.input}`)}
                <p className="text-text-2">
                  {synthesis.delivered
                    ? 'Sent to the client as a call, read-only.'
                    : 'Only shown here; nothing was done.'}
                </p>
              </>
            )}
            <p className="text-sm text-text-3">Read from a {synthesis.heuristic} in its text.</p>
          </li>
        </Group>
      )}
      {adaptations.length > 0 && (
        <Group title="Changed because this provider refuses it otherwise">
          {adaptations.map((change) => (
            <li key={change}>{code(change)}</li>
          ))}
        </Group>
      )}
      {continuations.length > 0 && (
        <Group title="Stopped for length and went on">
          {continuations.map(({ resumed, seam, repeated }, i) => (
            <li key={i}>
              in its {resumed}, joined by {seam}
              {repeated > 0 && `, ${repeated} repeated characters left out`}
            </li>
          ))}
        </Group>
      )}
      <div>
        <p className="mb-1 text-sm text-text-3">Lost in translation</p>
        {losses.length === 0 ? (
          <p className="text-text-2">Nothing: everything the agent sent could be said to this provider.</p>
        ) : (
          <ul className="flex flex-col gap-1.5">
            {losses.map((loss) => (
              <li key={`${loss.path}:${loss.what}`}>
                {code(loss.path)}
                <p>
                  {loss.what} <span className="text-text-3">— {loss.why}</span>
                </p>
              </li>
            ))}
          </ul>
        )}
      </div>
      {none && <p className="text-sm text-text-3">No call was repaired and nothing was adapted.</p>}
    </div>
  );
}
