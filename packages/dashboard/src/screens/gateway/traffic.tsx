import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { gatewayQuery } from '../../data/queries.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { Panel } from '../../ui/panel.tsx';
import { LiveTable } from './live-table.tsx';
import { ProcessCard } from './process-card.tsx';
import { TurnDrawer } from './turn/turn-drawer.tsx';
import { TurnsTable } from './turns-table.tsx';

/** The model traffic: the process, what is under way, and what ended. */
export function Traffic() {
  usePageTitle('Gateway');
  const { turn } = useSearch({ from: '/shell/gateway-frame/gateway' });
  const navigate = useNavigate({ from: '/gateway' });
  const snapshot = useQuery(gatewayQuery).data?.snapshot;
  const close = useCallback(
    (): void => void navigate({ search: (before) => ({ ...before, turn: undefined }), resetScroll: false }),
    [navigate],
  );
  return (
    <div className="flex min-h-0 flex-1">
      <div className="@container min-w-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-[1320px] flex-col gap-4 px-(--gutter) py-6">
          <ProcessCard />
          <Panel
            title="Live turns"
            flush
            aside={
              snapshot && (
                <span className="num">
                  {snapshot.active > snapshot.live.length
                    ? `newest ${snapshot.live.length} of ${snapshot.active}`
                    : snapshot.active}
                </span>
              )
            }
          >
            <LiveTable />
          </Panel>
          <Panel title="Recent turns" flush>
            <TurnsTable />
          </Panel>
        </div>
      </div>
      {turn && <TurnDrawer key={turn} id={turn} onClose={close} />}
    </div>
  );
}
