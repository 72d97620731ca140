import type { DeadmanState } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import type { Route } from '../../kernel/route.ts';
import { channelRoutes } from './channel-routes.ts';
import { historyRoutes } from './history-routes.ts';
import type { Notifications } from './index.ts';
import { pushRoutes } from './push-routes.ts';

export interface NotificationRoutesDeps {
  notifications: Notifications;
  deadman: { state(): DeadmanState };
  clock: Clock;
  /** A text without any secret that is known here: what somebody says is kept and told on. */
  redact(text: string): string;
}

/** `/api/v1/notifications`: the history as the seed serves it, the channels, and the browsers that are told. */
export const notificationRoutes = (deps: NotificationRoutesDeps): Route[] => [
  ...channelRoutes(deps),
  ...pushRoutes(deps),
  ...historyRoutes(deps),
];
