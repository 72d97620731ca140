import type { AgentStart } from '../agent-adapter.ts';

/** The variable the gateway's token is handed over in: arguments can be read by everybody on the machine. */
export const tokenVariable = 'VIGILES_TOKEN';

/** Settings are TOML; a JSON string is a TOML basic string. */
const toml = (value: string): string => JSON.stringify(value);

/**
 * Settings on the command line that lead an app-server's model traffic through our gateway, marked with its
 * session, and keep the token from the commands it runs. The person's own settings file stays as it is.
 */
export function launchArguments({ gateway, sessionId }: Pick<AgentStart, 'gateway' | 'sessionId'>): string[] {
  if (!gateway) return [];
  const provider = [
    'name="Vigiles"',
    `base_url=${toml(`${gateway.origin}/v1`)}`,
    'wire_api="responses"',
    `env_key=${toml(tokenVariable)}`,
    `http_headers={"x-vigiles-session"=${toml(sessionId)}}`,
  ].join(',');
  return [
    '-c',
    'model_provider="vigiles"',
    '-c',
    `model_providers.vigiles={${provider}}`,
    '-c',
    `shell_environment_policy.exclude=[${toml(tokenVariable)}]`,
  ];
}
