import type { DeadmanState } from '@vigiles/contract';
import { CheckCircle2, CircleHelp, CirclePause, XCircle } from 'lucide-react';
import { Panel } from '../../ui/panel.tsx';
import { StateLabel } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';

const off = { icon: CirclePause, label: 'Off', tone: 'idle' } as const;
const unknown = { icon: CircleHelp, label: 'Not given yet', tone: 'idle' } as const;
const good = { icon: CheckCircle2, label: 'Given', tone: 'ok' } as const;
const bad = { icon: XCircle, label: 'Not given', tone: 'bad' } as const;

/** Whether somebody elsewhere notices when Vigiles itself is gone. */
export function DeadmanPanel({ state }: { state: DeadmanState }) {
  const face = !state.enabled ? off : state.ok === null ? unknown : state.ok ? good : bad;
  return (
    <Panel title="Sign of life" aside={<StateLabel face={face} />}>
      {state.enabled ? (
        <p className="text-text-2">
          To {state.target ?? 'an address that is not known'}, last heard there{' '}
          <Ago ts={state.last_ok_at} className="text-text" />
          {state.reason && <span className="mt-1 block break-words text-bad">{state.reason}</span>}
        </p>
      ) : (
        <p className="text-pretty text-text-2">
          Set <code className="font-mono text-xs">deadman.url</code> to a check of healthchecks.io, Uptime
          Kuma or the like: it tells you when Vigiles itself is gone.
        </p>
      )}
    </Panel>
  );
}
