import { basename } from 'node:path';
import type { AgentStart } from '../agent-adapter.ts';

/**
 * The variables by which agents of the common vendors are led to another address. An agent reads those it knows;
 * what its own `env` in vigiles.yaml says comes after and wins.
 */
export function gatewayEnvironment({
  gateway,
  sessionId,
  model,
  command,
  approvals,
}: Pick<AgentStart, 'gateway' | 'sessionId' | 'model' | 'command' | 'approvals'>): Record<string, string> {
  if (!gateway) return {};
  const { origin, token } = gateway;
  const baseUrl = `${origin}/v1`;
  // The adapter around Codex takes its settings as JSON. https://github.com/agentclientprotocol/codex-acp
  const codex = command.some((word) => /codex-acp/.test(word) || basename(word) === 'codex-acp');
  const provider = {
    name: 'Vigiles',
    base_url: baseUrl,
    wire_api: 'responses',
    env_key: 'VIGILES_TOKEN',
    http_headers: { 'x-vigiles-session': sessionId },
  };
  const config = {
    ...(model === null ? {} : { model }),
    model_provider: 'vigiles',
    model_providers: { vigiles: provider },
    shell_environment_policy: { exclude: ['VIGILES_TOKEN'] },
  };
  return {
    VIGILES_TOKEN: token,
    ANTHROPIC_BASE_URL: origin,
    ANTHROPIC_AUTH_TOKEN: token,
    ANTHROPIC_CUSTOM_HEADERS: `x-vigiles-session: ${sessionId}`,
    OPENAI_BASE_URL: baseUrl,
    OPENAI_API_KEY: token,
    GOOGLE_GEMINI_BASE_URL: origin,
    GEMINI_API_KEY: token,
    ...(codex
      ? {
          CODEX_CONFIG: JSON.stringify(config),
          MODEL_PROVIDER: 'vigiles',
          // Its own choice would have a model review what people are to decide.
          INITIAL_AGENT_MODE: approvals === 'full' ? 'agent-full-access' : 'workspace-write',
        }
      : {}),
  };
}
