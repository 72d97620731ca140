import { usePageTitle } from '../../shell/use-title.ts';
import { Feed } from './feed.tsx';
import { FleetStrip } from './fleet-strip.tsx';
import { OverridesPanel } from '../gateway/overrides-panel.tsx';
import { Foreseen } from './foreseen.tsx';
import { LastIncidents } from './last-incidents.tsx';
import { LiveTurns } from './live-turns.tsx';
import { Spend } from './spend.tsx';
import { StatusLine } from './status-line.tsx';

/** How things are, in one look. */
export function Overview() {
  usePageTitle('Overview');
  return (
    <div className="@container min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-[1320px] flex-col gap-5 px-(--gutter) py-6">
        <StatusLine />
        <div className="grid items-start gap-4 @4xl:grid-cols-[minmax(0,1fr)_360px]">
          <div className="flex min-w-0 flex-col gap-4">
            <Foreseen />
            <OverridesPanel />
            <FleetStrip />
            <LiveTurns />
            <LastIncidents />
          </div>
          <div className="flex min-w-0 flex-col gap-4 self-stretch">
            <Spend />
            <div className="relative min-h-[420px] flex-1">
              <Feed />
            </div>
          </div>
        </div>
      </div>
    </div>
  );
}
