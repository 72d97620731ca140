import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { ActionRun, Adaptation, Incident, Service, Status, Turn, VigilesEvent } from '@vigiles/contract';
import {
  addSpend,
  changeState,
  is,
  matchesIncident,
  matchesTurn,
  reachBudget,
  upsert,
  upsertByTime,
  type IncidentFilter,
} from '../live/patch.ts';
import { applyCi } from './apply-ci.ts';
import { applyDecision } from './apply-decisions.ts';
import { refreshMail } from './mail.ts';
import { applyDelivery, applyNotification } from './apply-notifications.ts';
import type { MoneyAnswer } from './gateway-queries.ts';
import { applyProcess } from './plugins.ts';
import { invalidate, readAgain } from './read-again.ts';
import { refreshService, servicesQuery, type IncidentPage, type TurnPage } from './queries.ts';

/** Enough for every screen; a list that grew all day would grow the heap. */
const FIRST_PAGE_MAX = 400;

/** Writes one run into the cached list, also used with the answer of a call so that the screen does not wait. */
export function applyRun(client: QueryClient, run: ActionRun): void {
  client.setQueryData<ActionRun[]>(['runs'], (runs) => runs && upsert(runs, run).slice(0, FIRST_PAGE_MAX));
}

/** Writes one incident into every cached list that it belongs to, and takes it out of the others. */
export function applyIncident(client: QueryClient, incident: Incident): void {
  client.setQueryData(['incident', incident.id], incident);
  client.setQueryData<Service[]>(['services'], (services) =>
    services?.map((service) => {
      const open = incident.state === 'closed' ? null : incident.id;
      const mine = service.name === incident.service || service.open_incident_id === incident.id;
      return mine && service.open_incident_id !== open ? { ...service, open_incident_id: open } : service;
    }),
  );
  for (const [key, data] of client.getQueriesData<InfiniteData<IncidentPage>>({ queryKey: ['incidents'] })) {
    if (!data) continue;
    const filter = (key[1] ?? {}) as IncidentFilter;
    const page = data.pages.findIndex((each) => each.incidents.some((row) => row.id === incident.id));
    const at = Math.max(page, 0);
    const keep = matchesIncident(incident, filter);
    client.setQueryData<InfiniteData<IncidentPage>>(key, {
      ...data,
      pages: data.pages.with(at, {
        next: null,
        ...data.pages[at],
        incidents: upsert(data.pages[at]?.incidents ?? [], incident, keep),
      }),
    });
  }
}

function applyTurn(client: QueryClient, turn: Turn): void {
  // Its price line by line is not in the event: whoever looks at it reads it.
  void client.invalidateQueries({ queryKey: ['turn', turn.id] });
  void client.invalidateQueries({ queryKey: ['explain', turn.id] });
  client.setQueryData<Status>(['status'], (status) => status && addSpend(status, turn));
  for (const [key, data] of client.getQueriesData<InfiniteData<TurnPage>>({ queryKey: ['turns'] })) {
    const [first, ...rest] = data?.pages ?? [];
    if (!data || !first || !matchesTurn(turn, key[1] ?? {})) continue;
    const turns = upsertByTime(first.turns, turn).slice(0, FIRST_PAGE_MAX);
    client.setQueryData<InfiniteData<TurnPage>>(key, { ...data, pages: [{ ...first, turns }, ...rest] });
  }
}

const changed = new Set<string>();
const REFRESH_AFTER_MS = 300;
/** Past this many at once one list is cheaper than the services one by one. */
const REFRESH_SINGLY = 8;

/** Reads services again whose state changed, together and a moment later: states often change in twos. */
function refreshSoon(client: QueryClient, name: string): void {
  if (changed.size === 0) {
    setTimeout(() => {
      const names = [...changed];
      changed.clear();
      if (names.length > REFRESH_SINGLY) void client.invalidateQueries({ queryKey: servicesQuery.queryKey });
      // A failure leaves what is known; the next change or reconnect reads it again.
      else for (const each of names) refreshService(client, each).catch(() => {});
    }, REFRESH_AFTER_MS);
  }
  changed.add(name);
}

/** Lists that are patched by these events. Turns come too fast for that: one that is missed stands on the next page. */
const patched: readonly (readonly [string, ...string[]])[] = [
  ['incident.', 'incidents'],
  ['action.', 'runs'],
  ['notification.', 'notifications'],
  ['ci.', 'ci-runs'],
  ['adaptation.', 'adaptations'],
];

/** Brings the cache up to a batch of events, in order. Lists are patched, and fetched again only where that was under way. */
export function applyEvents(client: QueryClient, batch: readonly VigilesEvent[]): void {
  for (const [prefix, ...keys] of patched)
    if (batch.some(({ type }) => type.startsWith(prefix))) for (const key of keys) readAgain(client, [key]);
  for (const event of batch) {
    if (applyCi(client, event)) continue;
    if (event.type === 'mail.changed') refreshMail(client);
    if (is(event, 'service.state_changed')) {
      client.setQueryData<Service[]>(
        ['services'],
        (services) => services && changeState(services, event.data, event.ts),
      );
      refreshSoon(client, event.data.service);
    } else if (
      is(event, 'incident.opened') ||
      is(event, 'incident.updated') ||
      is(event, 'incident.closed')
    ) {
      applyIncident(client, event.data.incident);
    } else if (
      is(event, 'action.requested') ||
      is(event, 'action.started') ||
      is(event, 'action.verifying') ||
      is(event, 'action.finished')
    ) {
      applyRun(client, event.data.run);
      if (is(event, 'action.finished')) {
        invalidate(client, ['overrides']);
        if (event.data.run.target.startsWith('port:')) invalidate(client, ['ports']);
      }
      invalidate(client, ['guards', event.data.run.target]);
    } else if (is(event, 'guard.tripped') || is(event, 'guard.closed')) {
      invalidate(client, ['guards']);
    } else if (is(event, 'notification.created')) {
      applyNotification(client, event.data.notification);
    } else if (is(event, 'notification.settled')) {
      applyDelivery(client, event.data.delivery);
    } else if (is(event, 'turn.settled')) {
      applyTurn(client, event.data.turn);
    } else if (is(event, 'port.changed')) {
      invalidate(client, ['ports']);
    } else if (event.type.startsWith('oauth.')) {
      invalidate(client, ['integrations', 'oauth']);
      invalidate(client, ['oauth']);
    } else if (is(event, 'plugin.process_changed')) {
      applyProcess(client, event.data.process);
    } else if (
      is(event, 'plugin.changed') ||
      is(event, 'plugin.update_waits') ||
      is(event, 'plugin.registry_refused')
    ) {
      invalidate(client, ['plugins']);
    } else if (event.type.startsWith('device.')) {
      invalidate(client, ['devices']);
      invalidate(client, ['device-authorizations']);
    } else if (
      is(event, 'decision.opened') ||
      is(event, 'decision.extended') ||
      is(event, 'decision.resolved')
    ) {
      applyDecision(client, event.data.decision);
    } else if (event.type.startsWith('session.')) {
      invalidate(client, ['sessions']);
    } else if (is(event, 'config.reloaded') || is(event, 'config.rejected')) {
      invalidate(client, ['status']);
      // Services may have come or gone.
      void client.invalidateQueries({ queryKey: servicesQuery.queryKey, exact: true });
      invalidate(client, ['config']);
      invalidate(client, ['channels']);
      invalidate(client, ['models']);
      invalidate(client, ['budgets']);
    } else if (is(event, 'budget.reached')) {
      const { alert } = event.data;
      client.setQueryData<MoneyAnswer>(['budgets'], (money) => money && reachBudget(money, alert));
    } else if (is(event, 'quota.reached')) {
      invalidate(client, ['quotas']);
    } else if (is(event, 'adaptation.learned') || is(event, 'adaptation.changed')) {
      const { adaptation } = event.data;
      client.setQueryData<Adaptation[]>(['adaptations'], (all) => all && upsert(all, adaptation));
    } else if (is(event, 'adaptation.removed')) {
      const { adaptation } = event.data;
      client.setQueryData<Adaptation[]>(['adaptations'], (all) => all && upsert(all, adaptation, false));
    }
  }
}
