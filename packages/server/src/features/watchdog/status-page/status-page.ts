import { z } from 'zod';
import {
  StatusPage,
  type Incident,
  type Maintenance,
  type ServiceState,
  type StatusPageConfig,
} from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route, type RouteCall } from '../../../kernel/route.ts';
import { dayOf, type UptimeDays } from '../beats/days.ts';
import { pageHtml } from './html.ts';
import { namesOf, pageOf } from './model.ts';

/** A page is made at most this often, however many ask. */
const freshMs = 5000;
const mostIncidents = 200;

export interface StatusPageDeps {
  clock: Clock;
  config: () => StatusPageConfig;
  service: (name: string) => { title: string; state: ServiceState } | null;
  days: UptimeDays['read'];
  incidents: (limit: number) => Promise<Incident[]>;
  maintenance: () => Maintenance[];
}

interface Made {
  at: number;
  config: StatusPageConfig;
  page: StatusPage;
  html: string;
}

/** `/status` and `/status.json` for everybody, once the configuration says so. */
export function statusPageRoutes(deps: StatusPageDeps): Route[] {
  const { clock } = deps;
  let made: Made | null = null;
  let making: { config: StatusPageConfig; page: Promise<Made> } | null = null;

  async function make(config: StatusPageConfig): Promise<Made> {
    const now = clock.now();
    const [days, incidents] = await Promise.all([
      deps.days(namesOf(config), dayOf(now) - config.days + 1),
      config.incident_days === 0 ? [] : deps.incidents(mostIncidents),
    ]);
    const { service, maintenance } = deps;
    const page = pageOf(config, { service, days, incidents, maintenance: maintenance() }, now);
    made = { at: clock.monotonic(), config, page, html: pageHtml(page) };
    return made;
  }

  /** The page that is fresh, or one that is made now: once for all who ask meanwhile. */
  function freshOr(config: StatusPageConfig): Promise<Made> {
    if (made?.config === config && clock.monotonic() - made.at < freshMs) return Promise.resolve(made);
    // What is being made by other settings may show what these do not.
    if (making?.config === config) return making.page;
    const mine = {
      config,
      page: make(config).finally(() => {
        if (making === mine) making = null;
      }),
    };
    making = mine;
    return mine.page;
  }

  async function current(
    call: Pick<RouteCall<never, never, never>, 'setHeader'>,
    path: string,
  ): Promise<Made> {
    const config = deps.config();
    // Switched off, it must look as if there were no such page.
    if (!config.enabled) raise(fault('not-found', 'route_not_found', `There is nothing at ${path}.`));
    const found = await freshOr(config);
    call.setHeader('cache-control', `public, max-age=${freshMs / 1000}`);
    return found;
  }

  const common = {
    method: 'GET',
    tag: 'status page',
    scope: 'public',
    audit: 'none',
    tier: 'light',
    faults: ['route_not_found'],
  } as const;
  return [
    defineRoute({
      ...common,
      path: '/status',
      operationId: 'getStatusPage',
      summary: 'The public status page; needs no token, and is not there unless status_page.enabled is set',
      success: z.string(),
      handle: async (call) => {
        const { html } = await current(call, '/status');
        call.setHeader('content-type', 'text/html; charset=utf-8');
        return html;
      },
    }),
    defineRoute({
      ...common,
      path: '/status.json',
      operationId: 'getStatusPageData',
      summary: 'The public status page as data',
      success: StatusPage,
      handle: async (call) => (await current(call, '/status.json')).page,
    }),
  ];
}
