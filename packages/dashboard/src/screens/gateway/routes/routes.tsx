import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { RouteConfig } from '@vigiles/contract';
import { ArrowDown, ArrowUp, Plus, Waypoints } from 'lucide-react';
import { useCallback, useLayoutEffect, useRef } from 'react';
import { configQuery } from '../../../data/config.ts';
import { gatewayQuery } from '../../../data/queries.ts';
import { usePageTitle } from '../../../shell/use-title.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button, IconButton } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { Drawer } from '../../../ui/drawer.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { providerRows } from '../providers/provider-rows.ts';
import { useChangeConfig } from '../config-form/use-change-config.ts';
import { conditionsOf } from './route-draft.ts';
import { RouteForm } from './route-form.tsx';
import { Trial } from './trial.tsx';

/** The address of the drawer in which a route is added: `route=+`. */
const NEW = '+';

function Places({ route }: { route: RouteConfig }) {
  if (route.provider !== undefined) {
    return (
      <p className="text-text-2">
        {route.provider}
        <span className="text-text-3">/{route.upstream_model ?? 'as asked for'}</span>
      </p>
    );
  }
  return (
    <ol className="flex flex-col gap-0.5">
      {route.candidates.map(({ provider, model, weight, when }, at) => (
        <li key={`${provider}/${model}/${at}`} className="flex gap-2 text-text-2">
          <span className="num w-3 shrink-0 text-right text-text-3">{at + 1}</span>
          <span className="min-w-0 break-words">
            {provider}
            <span className="text-text-3">/{model ?? 'as asked for'}</span>
            {route.strategy === 'weighted' && <span className="num text-text-3"> × {weight}</span>}
            {conditionsOf(when).map((condition) => (
              <Badge key={condition} className="ml-1.5">
                {condition}
              </Badge>
            ))}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** What names of models stand for, in the order they are looked at, and a way to try it. */
export function Routes() {
  usePageTitle('Routes');
  const { route: wanted } = useSearch({ from: '/shell/gateway-frame/gateway/routes' });
  const navigate = useNavigate({ from: '/gateway/routes' });
  const config = useQuery(configQuery);
  const live = useQuery(gatewayQuery).data?.snapshot?.providers ?? null;
  const move = useChangeConfig('Routes reordered');
  const answer = config.data;
  const routes = answer?.config.gateway.routes ?? [];
  const open = useCallback(
    (route: string | undefined): void => void navigate({ search: { route }, resetScroll: false }),
    [navigate],
  );
  const close = useCallback(() => open(undefined), [open]);
  const place = wanted === undefined || wanted === NEW ? -1 : Number(wanted);
  const chosen = routes[place] ?? null;
  const providers = answer ? providerRows(answer.config.gateway.providers, live).map(({ id }) => id) : [];
  const list = useRef<HTMLOListElement>(null);
  const moved = useRef<{ to: number; name: 'up' | 'down'; route: string } | null>(null);
  const to = (from: number, at: number): void => {
    if (!answer || move.isPending || at < 0 || at >= routes.length) return;
    const edits = [{ path: ['gateway', 'routes', from], move_to: at }];
    moved.current = { to: at, name: at < from ? 'up' : 'down', route: JSON.stringify(routes[from]) };
    move.mutate({ edits, revision: answer.revision }, { onError: () => (moved.current = null) });
  };
  // The focus stays with the route that was moved, as soon as it stands in its new place.
  useLayoutEffect(() => {
    const which = moved.current;
    if (!which || JSON.stringify(routes[which.to]) !== which.route) return;
    moved.current = null;
    list.current?.children[which.to]?.querySelector<HTMLElement>(`[data-move="${which.name}"]`)?.focus();
  }, [routes]);

  return (
    <div className="flex min-h-0 flex-1">
      <div className="@container min-w-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-[1080px] flex-col gap-4 px-(--gutter) py-6">
          <Panel
            title="Routes"
            flush
            aside={
              <Button disabled={!answer} onClick={() => open(NEW)}>
                <Plus aria-hidden size={14} /> Add route
              </Button>
            }
          >
            {config.isError && !answer ? (
              <ErrorState error={config.error} what="Routes" retry={() => void config.refetch()} />
            ) : !answer ? (
              <SkeletonRows rows={4} height={64} />
            ) : routes.length === 0 ? (
              <EmptyState icon={Waypoints} title="No route is configured">
                Without one, a model goes to the provider that is named before its slash, or to those that
                list it.
              </EmptyState>
            ) : (
              <ol ref={list} className="divide-y divide-line">
                {routes.map((route, at) => (
                  <li
                    key={`${route.model}/${at}`}
                    className={cx(
                      'relative flex items-start gap-3 px-4 py-3 hover:bg-hover',
                      at === place && 'bg-selected hover:bg-selected',
                    )}
                  >
                    <div className="min-w-0 flex-1">
                      <div className="mb-1 flex flex-wrap items-center gap-x-2.5 gap-y-1">
                        <Link
                          to="/gateway/routes"
                          search={{ route: String(at) }}
                          data-row-link
                          resetScroll={false}
                          className="min-w-0 font-mono font-medium break-all after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
                        >
                          {route.model}
                        </Link>
                        {route.candidates.length > 1 && <Badge>{route.strategy}</Badge>}
                        {!route.policy && <Badge>no local first</Badge>}
                        {route.synthesis && route.synthesis !== 'off' && (
                          <Badge>synthesis: {route.synthesis}</Badge>
                        )}
                      </div>
                      <Places route={route} />
                    </div>
                    <div className="relative z-[1] flex">
                      <IconButton
                        label={`Move ${route.model} up`}
                        data-move="up"
                        aria-disabled={at === 0 || move.isPending}
                        onClick={() => to(at, at - 1)}
                      >
                        <ArrowUp aria-hidden size={14} />
                      </IconButton>
                      <IconButton
                        label={`Move ${route.model} down`}
                        data-move="down"
                        aria-disabled={at === routes.length - 1 || move.isPending}
                        onClick={() => to(at, at + 1)}
                      >
                        <ArrowDown aria-hidden size={14} />
                      </IconButton>
                    </div>
                  </li>
                ))}
              </ol>
            )}
            {move.isError && (
              <p role="alert" className="border-t border-line bg-bad-soft px-4 py-2 text-bad">
                {move.error.message}
              </p>
            )}
          </Panel>
          <Panel title="What would happen?">
            <Trial model="" />
          </Panel>
        </div>
      </div>
      {answer && (chosen || wanted === NEW) && (
        <Drawer
          key={wanted}
          title={chosen ? chosen.model : 'New route'}
          label={chosen ? `Route: ${chosen.model}` : 'New route'}
          onClose={close}
        >
          <RouteForm
            key={wanted}
            answer={answer}
            route={chosen}
            place={place}
            providers={providers}
            onDone={close}
          />
        </Drawer>
      )}
    </div>
  );
}
