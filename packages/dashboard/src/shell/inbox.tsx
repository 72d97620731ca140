import { Link } from '@tanstack/react-router';
import { CheckCheck } from 'lucide-react';
import { RunCard } from '../actions/run-card.tsx';
import { DecisionCard } from '../screens/sessions/decisions/decision-card.tsx';
import { CiNeed } from '../screens/ci/ci-need.tsx';
import { AcknowledgeButton } from '../screens/incidents/acknowledge-button.tsx';
import { Drawer } from '../ui/drawer.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { severityFace, StateLabel } from '../ui/state.tsx';
import { Ago } from '../ui/time.tsx';
import { setFrame } from './ui-store.ts';
import type { Needs } from './use-needs.ts';

const close = (): void => setFrame({ overlay: null });

/** Everything that waits for a person, in one place at the right. */
export function InboxDrawer({ needs }: { needs: Needs }) {
  return (
    <Drawer alwaysModal title="Needs you" label="Needs you" onClose={close}>
      {!needs.known ? (
        <SkeletonRows rows={3} height={64} />
      ) : needs.count === 0 && needs.decisions.length === 0 ? (
        <EmptyState icon={CheckCheck} title="Nothing needs you">
          Questions of agents, incidents that Vigiles cannot settle alone, failed runs of CI, and actions that
          wait for a veto or an approval, come here.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {needs.runs.map((run) => (
            <li key={run.id} className="p-4">
              <RunCard run={run} />
            </li>
          ))}
          {needs.decisions.map((decision) => (
            <li key={`${decision.session_id}/${decision.decision_id}`} className="p-4">
              <DecisionCard decision={decision} linked />
            </li>
          ))}
          {needs.incidents.map((incident) => (
            <li key={incident.id} className="flex flex-col gap-2 p-4">
              <div className="flex items-center gap-3 text-sm">
                <StateLabel face={severityFace[incident.severity]} />
                <span className="text-text-3">{incident.service}</span>
                <Ago ts={incident.opened_at} className="ml-auto text-text-3" />
              </div>
              <Link
                to="/incidents/$id"
                params={{ id: incident.id }}
                onClick={close}
                className="font-medium text-pretty hover:underline"
              >
                {incident.title}
              </Link>
              <div>
                <AcknowledgeButton incident={incident} />
              </div>
            </li>
          ))}
          {needs.ciRuns.map((run) => (
            <li key={run.id} className="p-4">
              <CiNeed run={run} onOpen={close} />
            </li>
          ))}
        </ul>
      )}
    </Drawer>
  );
}
