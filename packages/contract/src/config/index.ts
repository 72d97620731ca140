import { AgentsConfig } from './agents.ts';
import { z } from 'zod';
import { BusConfig } from './bus.ts';
import { EgressConfig } from './egress.ts';
import { GatewayConfig } from './gateway.ts';
import { GithubConfig } from './github.ts';
import { BackupsConfig } from './backups.ts';
import { MailConfig } from './mail.ts';
import { BudgetsConfig, LimitsConfig } from './limits.ts';
import { NotionConfig } from './notion.ts';
import { DeadmanConfig, NotificationsConfig } from './notifications.ts';
import { PluginsConfig } from './plugins.ts';
import { OauthConfig } from './oauth.ts';
import { QuotasConfig } from './quotas.ts';
import { SeriesConfig } from './series.ts';
import { SessionsConfig } from './sessions.ts';
import { LogConfig, ServerConfig, StoreConfig } from './server.ts';
import { StatusPageConfig } from './status-page.ts';
import { WatchdogConfig } from './watchdog.ts';
import { VscodeConfig } from './vscode.ts';
import { WebConfig } from './web.ts';

/** The whole of `vigiles.yaml`. Every slice has defaults, so an empty file is valid. */
export const VigilesConfig = z
  .strictObject({
    server: ServerConfig,
    store: StoreConfig,
    bus: BusConfig,
    log: LogConfig,
    limits: LimitsConfig,
    budgets: BudgetsConfig,
    quotas: QuotasConfig,
    gateway: GatewayConfig,
    watchdog: WatchdogConfig,
    notifications: NotificationsConfig,
    deadman: DeadmanConfig,
    egress: EgressConfig,
    status_page: StatusPageConfig,
    series: SeriesConfig,
    sessions: SessionsConfig,
    agents: AgentsConfig,
    github: GithubConfig,
    web: WebConfig,
    mail: MailConfig,
    backups: BackupsConfig,
    plugins: PluginsConfig,
    vscode: VscodeConfig,
    notion: NotionConfig,
    oauth: OauthConfig,
  })
  .prefault({})
  .meta({ title: 'vigiles.yaml', description: 'Configuration of Vigiles.' });
export type VigilesConfig = z.output<typeof VigilesConfig>;

export { GatewayConfig, ProviderConfig } from './gateway.ts';
export {
  CandidateConfig,
  CandidateWhenConfig,
  DaySpanConfig,
  ModelAbility,
  Privacy,
  RouteConfig,
  RouteSide,
  RouteStrategy,
  RoutingPolicyConfig,
  TaskDefaultsConfig,
} from './routing.ts';
export { ModelFactsConfig } from './models.ts';
export { QuirksConfig } from './quirks.ts';
export { WatchdogAiConfig } from './ai.ts';
export { BusConfig } from './bus.ts';
export { ChannelConfig, NoticeKind, NoticeSeverity } from './channels.ts';
export { GithubConfig } from './github.ts';
export { PluginKey, PluginsConfig } from './plugins.ts';
export { VscodeConfig } from './vscode.ts';
export { NotionConfig } from './notion.ts';
export { OauthConfig, oauthPresets, OauthProviderConfig } from './oauth.ts';
export { DeviceQuotas, type QuotaName, quotaNames, QuotasConfig } from './quotas.ts';
export { WebConfig } from './web.ts';
export { BackupsConfig, BackupTargetConfig } from './backups.ts';
export { MailConfig, MailTransportConfig } from './mail.ts';
export { EgressConfig } from './egress.ts';
export { DeadmanConfig, NotificationsConfig } from './notifications.ts';
export { QuietHoursConfig } from './quiet-hours.ts';
export { SeriesConfig } from './series.ts';
export { SessionsConfig } from './sessions.ts';
export { AgentEntry, AgentsConfig } from './agents.ts';
export { BudgetsConfig, LimitsConfig, TurnLimit } from './limits.ts';
export { LogConfig, restartPaths, ServerConfig, StoreConfig } from './server.ts';
export { CheckConfig, JsonPredicate } from './checks.ts';
export { FleetMaintenanceConfig, MaintenanceConfig, Weekday } from './maintenance.ts';
export { StatusPageConfig } from './status-page.ts';
export { ServiceConfig, WatchdogConfig } from './watchdog.ts';
export { RotatedLogConfig, ScriptConfig } from './actions.ts';
export { AgentWatchConfig } from './agent-watch.ts';
export { LogSourceConfig } from './log-sources.ts';
