import type { GatewayConfig, ProviderConfig } from '@vigiles/contract';
import { toFault } from '../kernel/fault.ts';
import type { Log } from '../kernel/log.ts';
import type { Configuration } from '../platform/config/index.ts';

/** The gateway's slice with every `${env:…}` and `${secret:…}` of its providers filled in. */
export function resolvedGateway(configuration: Configuration, log: Log): GatewayConfig {
  const { gateway } = configuration.current();
  return {
    ...gateway,
    providers: gateway.providers.map((provider) => resolved(provider, configuration, log)),
  };
}

/** A provider whose key is missing stays listed without it: its own refusal tells the client what is wrong. */
function resolved(provider: ProviderConfig, configuration: Configuration, log: Log): ProviderConfig {
  const { api_key, headers, google, aws, oauth, ...rest } = provider;
  const filled: ProviderConfig = { ...rest, headers: {} };
  const fill = <T extends object>(fields: T): T => mapTexts(fields, (text) => configuration.resolve(text));
  try {
    if (api_key !== undefined) filled.api_key = configuration.resolve(api_key);
    if (google !== undefined) filled.google = configuration.resolve(google);
    if (aws) filled.aws = fill(aws);
    if (oauth) filled.oauth = fill(oauth);
    for (const [name, value] of Object.entries(headers)) filled.headers[name] = configuration.resolve(value);
  } catch (thrown) {
    log.warn({ provider: provider.id, problem: toFault(thrown).message }, 'a provider’s secret is missing');
  }
  return filled;
}

function mapTexts<T extends object>(fields: T, change: (text: string) => string): T {
  const entries = Object.entries(fields).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'string' ? change(value) : value,
  ]);
  return Object.fromEntries(entries) as T;
}
