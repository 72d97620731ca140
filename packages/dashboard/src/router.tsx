import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { meQuery } from './data/queries.ts';
import { queryClient } from './data/query-client.ts';
import { NotFound } from './shell/not-found.tsx';
import { ScreenError } from './shell/screen-error.tsx';
import { Shell } from './shell/shell.tsx';

type Raw = Record<string, unknown>;

/** A parameter of the URL as text, or nothing. Whatever somebody typed there is only ever compared and shown. */
const text = (raw: Raw, key: string): string | undefined => {
  const value = raw[key];
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined;
};

/** Only what is set, so that addresses stay short. */
const pick = <K extends string>(raw: Raw, ...keys: K[]): { [P in K]?: string | undefined } =>
  Object.fromEntries(keys.flatMap((key) => (text(raw, key) ? [[key, text(raw, key)]] : []))) as {
    [P in K]?: string;
  };

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw: Raw) => pick(raw, 'next'),
  component: lazyRouteComponent(() => import('./screens/sign-in/sign-in.tsx'), 'SignIn'),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  // Starts early, waits for nobody: the frame is drawn at once and a 401 leads to the sign-in page.
  loader: () => void queryClient.prefetchQuery(meQuery),
  component: Shell,
});

const overview = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('./screens/overview/overview.tsx'), 'Overview'),
});

const fleet = createRoute({
  getParentRoute: () => shell,
  path: '/fleet',
  validateSearch: (raw: Raw) => pick(raw, 'q', 'state', 'sort', 'service', 'tab', 'span'),
  component: lazyRouteComponent(() => import('./screens/fleet/fleet.tsx'), 'Fleet'),
});

const history = createRoute({
  getParentRoute: () => shell,
  path: '/history',
  validateSearch: (raw: Raw) => pick(raw, 'span', 'service'),
  component: lazyRouteComponent(() => import('./screens/history/history.tsx'), 'History'),
});

const sessions = createRoute({
  getParentRoute: () => shell,
  path: '/sessions',
  validateSearch: (raw: Raw) => pick(raw, 'q', 'phase', 'agent'),
  component: lazyRouteComponent(() => import('./screens/sessions/sessions.tsx'), 'Sessions'),
});

const session = createRoute({
  getParentRoute: () => shell,
  path: '/sessions/$id',
  validateSearch: (raw: Raw) => pick(raw, 'tab', 'kind'),
  component: lazyRouteComponent(() => import('./screens/sessions/session-page.tsx'), 'SessionPage'),
});

/** What happened, what was learned from it, and what is looked for, under one head. */
const incidentsFrame = createRoute({
  getParentRoute: () => shell,
  id: 'incidents-frame',
  component: lazyRouteComponent(() => import('./screens/incidents/incidents-frame.tsx'), 'IncidentsFrame'),
});

const aiMonitoring = createRoute({
  getParentRoute: () => incidentsFrame,
  path: '/incidents/ai',
  validateSearch: (raw: Raw) => pick(raw, 'q'),
  component: lazyRouteComponent(() => import('./screens/incidents/ai/ai-monitoring.tsx'), 'AiMonitoring'),
});

const incidents = createRoute({
  getParentRoute: () => incidentsFrame,
  path: '/incidents',
  validateSearch: (raw: Raw) => pick(raw, 'state', 'service', 'fault', 'search'),
  component: lazyRouteComponent(() => import('./screens/incidents/incidents.tsx'), 'Incidents'),
});

const incident = createRoute({
  getParentRoute: () => shell,
  path: '/incidents/$id',
  component: lazyRouteComponent(() => import('./screens/incidents/incident-detail.tsx'), 'IncidentDetail'),
});

const faults = createRoute({
  getParentRoute: () => incidentsFrame,
  path: '/incidents/faults',
  validateSearch: (raw: Raw) => pick(raw, 'category', 'fault'),
  component: lazyRouteComponent(() => import('./screens/incidents/faults.tsx'), 'Faults'),
});

/** Runs, and what their failures have in common; one run has a page of its own. */
const ciFrame = createRoute({
  getParentRoute: () => shell,
  id: 'ci-frame',
  component: lazyRouteComponent(() => import('./screens/ci/ci-frame.tsx'), 'CiFrame'),
});

const ciRuns = createRoute({
  getParentRoute: () => ciFrame,
  path: '/ci',
  validateSearch: (raw: Raw) => pick(raw, 'state', 'repository', 'workflow'),
  component: lazyRouteComponent(() => import('./screens/ci/runs.tsx'), 'CiRuns'),
});

const ciPatterns = createRoute({
  getParentRoute: () => ciFrame,
  path: '/ci/patterns',
  component: lazyRouteComponent(() => import('./screens/ci/patterns.tsx'), 'CiPatterns'),
});

const ciFlaky = createRoute({
  getParentRoute: () => ciFrame,
  path: '/ci/flaky',
  component: lazyRouteComponent(() => import('./screens/ci/flaky.tsx'), 'FlakyTests'),
});

const ciRun = createRoute({
  getParentRoute: () => shell,
  path: '/ci/runs/$id',
  component: lazyRouteComponent(() => import('./screens/ci/run-page.tsx'), 'CiRunPage'),
});

/** Its parts share a head; one turn has a page without it. */
const gatewayFrame = createRoute({
  getParentRoute: () => shell,
  id: 'gateway-frame',
  component: lazyRouteComponent(() => import('./screens/gateway/gateway-frame.tsx'), 'GatewayFrame'),
});

const traffic = createRoute({
  getParentRoute: () => gatewayFrame,
  path: '/gateway',
  validateSearch: (raw: Raw) => pick(raw, 'model', 'provider', 'outcome', 'turn'),
  component: lazyRouteComponent(() => import('./screens/gateway/traffic.tsx'), 'Traffic'),
});

const usage = createRoute({
  getParentRoute: () => gatewayFrame,
  path: '/gateway/usage',
  validateSearch: (raw: Raw) => pick(raw, 'by', 'span', 'view', 'bucket'),
  component: lazyRouteComponent(() => import('./screens/gateway/usage/usage.tsx'), 'Usage'),
});

const providers = createRoute({
  getParentRoute: () => gatewayFrame,
  path: '/gateway/providers',
  validateSearch: (raw: Raw) => pick(raw, 'provider', 'tab'),
  component: lazyRouteComponent(() => import('./screens/gateway/providers/providers.tsx'), 'Providers'),
});

const routes = createRoute({
  getParentRoute: () => gatewayFrame,
  path: '/gateway/routes',
  validateSearch: (raw: Raw) => pick(raw, 'route'),
  component: lazyRouteComponent(() => import('./screens/gateway/routes/routes.tsx'), 'Routes'),
});

const learned = createRoute({
  getParentRoute: () => gatewayFrame,
  path: '/gateway/learned',
  component: lazyRouteComponent(() => import('./screens/gateway/learned/learned.tsx'), 'Learned'),
});

const turn = createRoute({
  getParentRoute: () => shell,
  path: '/gateway/turns/$id',
  component: lazyRouteComponent(() => import('./screens/gateway/turn/turn-page.tsx'), 'TurnPage'),
});

const notifications = createRoute({
  getParentRoute: () => shell,
  path: '/notifications',
  validateSearch: (raw: Raw) => pick(raw, 'view', 'q', 'severity', 'state', 'channel', 'id'),
  component: lazyRouteComponent(() => import('./screens/notifications/notifications.tsx'), 'Notifications'),
});

const mail = createRoute({
  getParentRoute: () => shell,
  path: '/mail',
  validateSearch: (raw: Raw) => pick(raw, 'view', 'id'),
  component: lazyRouteComponent(() => import('./screens/mail/mail.tsx'), 'Mail'),
});

const ports = createRoute({
  getParentRoute: () => shell,
  path: '/ports',
  validateSearch: (raw: Raw) => pick(raw, 'view', 'q', 'name'),
  component: lazyRouteComponent(() => import('./screens/ports/ports.tsx'), 'Ports'),
});

const plugins = createRoute({
  getParentRoute: () => shell,
  path: '/plugins',
  validateSearch: (raw: Raw) => pick(raw, 'view', 'q', 'id'),
  component: lazyRouteComponent(() => import('./screens/plugins/plugins.tsx'), 'Plugins'),
});

const webPages = createRoute({
  getParentRoute: () => shell,
  path: '/web',
  validateSearch: (raw: Raw) => pick(raw, 'view'),
  component: lazyRouteComponent(() => import('./screens/web/web-pages.tsx'), 'WebPages'),
});

const integrations = createRoute({
  getParentRoute: () => shell,
  path: '/integrations',
  component: lazyRouteComponent(() => import('./screens/integrations/integrations.tsx'), 'Integrations'),
});

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  validateSearch: (raw: Raw) => pick(raw, 'q', 'verb', 'actor', 'span', 'id'),
  component: lazyRouteComponent(() => import('./screens/audit/audit.tsx'), 'Audit'),
});

/** The configuration: its form, its file, its history. */
const settingsFrame = createRoute({
  getParentRoute: () => shell,
  id: 'settings-frame',
  component: lazyRouteComponent(() => import('./screens/settings/settings-frame.tsx'), 'SettingsFrame'),
});

const settings = createRoute({
  getParentRoute: () => settingsFrame,
  path: '/settings',
  validateSearch: (raw: Raw) => pick(raw, 'part', 'q'),
  component: lazyRouteComponent(() => import('./screens/settings/settings.tsx'), 'Settings'),
});

const settingsFile = createRoute({
  getParentRoute: () => settingsFrame,
  path: '/settings/file',
  component: lazyRouteComponent(() => import('./screens/settings/file-view.tsx'), 'FileView'),
});

const settingsHistory = createRoute({
  getParentRoute: () => settingsFrame,
  path: '/settings/history',
  component: lazyRouteComponent(() => import('./screens/settings/config-history.tsx'), 'ConfigHistory'),
});

const devices = createRoute({
  getParentRoute: () => shell,
  path: '/devices',
  validateSearch: (raw: Raw) => pick(raw, 'connect'),
  component: lazyRouteComponent(() => import('./screens/devices/devices.tsx'), 'Devices'),
});

const pair = createRoute({
  getParentRoute: () => shell,
  path: '/pair',
  validateSearch: (raw: Raw) => pick(raw, 'code'),
  component: lazyRouteComponent(() => import('./screens/devices/pair.tsx'), 'Pair'),
});

const oauthCallback = createRoute({
  getParentRoute: () => shell,
  path: '/oauth/callback',
  component: lazyRouteComponent(() => import('./screens/devices/oauth-callback.tsx'), 'OauthCallback'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    shell.addChildren([
      overview,
      fleet,
      sessions,
      session,
      history,
      incidentsFrame.addChildren([incidents, aiMonitoring, faults]),
      incident,
      ciFrame.addChildren([ciRuns, ciPatterns, ciFlaky]),
      ciRun,
      gatewayFrame.addChildren([traffic, usage, providers, routes, learned]),
      turn,
      notifications,
      mail,
      ports,
      webPages,
      plugins,
      integrations,
      devices,
      pair,
      oauthCallback,
      audit,
      settingsFrame.addChildren([settings, settingsFile, settingsHistory]),
    ]),
  ]),
  defaultErrorComponent: ScreenError,
  defaultPreload: 'intent',
  defaultPendingMs: 300,
  // Plain `?a=b`: addresses that people can read, write and share.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const params = new URLSearchParams();
    for (const [key, value] of Object.entries(search)) if (value) params.set(key, String(value));
    const query = params.toString();
    return query ? `?${query}` : '';
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
