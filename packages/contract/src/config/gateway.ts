import { z } from 'zod';
import { ModelFactsConfig } from './models.ts';
import { QuirksConfig } from './quirks.ts';
import { RouteConfig, RouteSide, RoutingPolicyConfig } from './routing.ts';
import { TurnLimit } from './limits.ts';

const secretReference = z
  .string()
  .min(1)
  .meta({ description: 'A reference: ${env:NAME} or ${secret:name}.' });

/** OAuth with a client of the user's own. Access tokens are fetched and replaced five minutes before they end. */
const OauthConfig = z.strictObject({
  token_url: z.url({ protocol: /^https?$/ }).meta({ description: 'Where access tokens are given out.' }),
  client_id: z.string().min(1).meta({ description: 'The client’s id, or a reference to it.' }),
  client_secret: secretReference.optional(),
  refresh_token: secretReference.optional().meta({
    description:
      'A reference. Absent: the client’s own credentials are the grant. As ${secret:name} a replaced token is kept there.',
  }),
  scope: z.string().min(1).optional(),
  client_auth: z.enum(['body', 'basic']).default('body').meta({
    description:
      'How the client proves itself to the token endpoint: form fields, or the Authorization header.',
  }),
});

const AwsConfig = z.strictObject({
  access_key_id: secretReference,
  secret_access_key: secretReference,
  session_token: secretReference.optional(),
});

/** One upstream a turn can be sent to. `type` names the provider file that knows its protocol and quirks. */
export const ProviderConfig = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'lower-case letters, digits and dashes'),
  type: z
    .string()
    .min(1)
    .meta({ description: 'openai, anthropic, gemini, ollama, openrouter, openai-compatible, demo …' }),
  base_url: z.url().optional().meta({ description: 'Absent: the provider type’s own address.' }),
  api_key: secretReference.optional(),
  region: z
    .string()
    .regex(/^[a-z0-9-]{2,40}$/, 'lower-case letters, digits and dashes')
    .optional()
    .meta({ description: 'bedrock, vertex: the cloud’s region, for instance eu-central-1 or global.' }),
  project: z.string().min(1).optional().meta({ description: 'vertex: the Google Cloud project.' }),
  api_version: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'azure-openai: the classic API of this version. Absent: the v1 API.' }),
  aws: AwsConfig.optional().meta({ description: 'bedrock: AWS credentials that sign each request.' }),
  google: secretReference.optional().meta({
    description:
      'vertex: a service account’s key or gcloud’s application-default credentials; the JSON by reference, or the path of its file.',
  }),
  oauth: OauthConfig.optional().meta({
    description: 'Access tokens from an OAuth client of your own, instead of an api_key.',
  }),
  oauth_account: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'lower-case letters, digits and dashes')
    .optional()
    .meta({
      description:
        'Id of an account in `oauth.providers` that a person connected: its access tokens, instead of an api_key.',
    }),
  headers: z.record(z.string(), z.string()).default({}),
  protocol: z
    .enum(['openai-responses', 'openai-chat', 'anthropic-messages', 'gemini'])
    .optional()
    .meta({ description: 'Absent: what the provider type prefers for the client at hand.' }),
  models: z
    .array(z.string())
    .default([])
    .meta({ description: 'Models to offer when the provider cannot list them.' }),
  model_facts: z.record(z.string().min(1), ModelFactsConfig).default({}).meta({
    description:
      'What you know of models better than the provider’s list: by name, or by the start of names with * at the end.',
  }),
  quirks: QuirksConfig.prefault({}).meta({
    description:
      'How this server differs from its type. For requests that are translated, not those that pass through.',
  }),
  enabled: z.boolean().default(true),
  side: RouteSide.optional().meta({
    description:
      'How routing takes it. Absent: local on this machine, else cloud. `local` for a server of your own elsewhere: private turns may go there.',
  }),
  auto_continue: z.int().min(0).max(10).optional().meta({
    description:
      'How often an answer that stopped for length is continued; also where both sides speak one protocol, whose answers are then decoded. Absent: gateway.auto_continue, and only where answers are translated anyway.',
  }),
  repair_tool_calls: z.boolean().optional().meta({
    description:
      'Find tool calls written as text and put right what is nearly right; answers are then decoded even where both sides speak one protocol. Absent: on for local servers and openai-compatible, off for openai, anthropic and gemini, else only where the answer is translated anyway.',
  }),
});
export type ProviderConfig = z.output<typeof ProviderConfig>;

export const GatewayConfig = z
  .strictObject({
    enabled: z.boolean().default(true),
    host: z.string().default('127.0.0.1'),
    port: z.int().min(0).max(65535).default(8766),
    providers: z.array(ProviderConfig).default([]),
    routes: z.array(RouteConfig).default([]),
    policy: RoutingPolicyConfig,
    default_provider: z.string().optional().meta({
      description: 'Where a model goes that no route and no provider names. Absent: the first that works.',
    }),
    synthesis_workspaces: z.array(z.string().startsWith('/')).max(100).default([]).meta({
      description: 'Absolute folders in which a synthesised call may read and list. Empty: no path at all.',
    }),
    default_model: z.string().min(1).optional().meta({
      description:
        'What answers `POST /api/v1/ai/complete` where no model is named; `models/switch` sets it.',
    }),
    discover_local: z
      .boolean()
      .default(true)
      .meta({ description: 'Look for Ollama, LM Studio, vLLM and llama.cpp on their usual ports.' }),
    requests_per_minute: z.int().min(1).default(600).meta({ description: 'Turns per device and minute.' }),
    concurrent_turns: z.int().min(1).default(64).meta({ description: 'Open turns per device.' }),
    limits: z.array(TurnLimit).max(100).default([]).meta({
      description:
        'Requests and tokens per minute, hour and day: per device, per model, or both. Every rule that fits a turn holds.',
    }),
    idle_timeout_s: z
      .number()
      .min(0.05)
      .max(3600)
      .default(300)
      .meta({ description: 'Longest silence of a provider.' }),
    connect_timeout_s: z.number().min(0.05).max(300).default(10),
    heartbeat_s: z.number().min(0.05).max(300).default(15),
    retry_wait_max_s: z.number().min(0).max(300).default(20).meta({
      description: 'A 429 or 503 that asks for no longer wait than this is absorbed before the first byte.',
    }),
    response_ttl_s: z.number().min(0).max(2_592_000).default(600).meta({
      description:
        'How long a response stays after its last use for GET /v1/responses/{id} and previous_response_id, where its provider does not keep it. 0: nothing is kept.',
    }),
    response_store_mb: z.number().min(0).max(4096).default(16).meta({
      description: 'Memory for kept responses, per gateway process; the longest unused go first.',
    }),
    responses_websocket: z.boolean().default(false).meta({
      description:
        'Serve Responses over WebSocket at /v1/responses. Off: clients are told to use POST (426).',
    }),
    auto_continue: z
      .strictObject({
        max: z.int().min(0).max(10).default(3).meta({ description: 'Continuations per turn; 0: none.' }),
        clients: z
          .array(z.enum(['openai-responses', 'openai-chat', 'anthropic-messages', 'gemini']))
          .default(['openai-responses'])
          .meta({
            description:
              'Protocols whose clients cannot go on by themselves. Codex ends its turn with an error.',
          }),
      })
      .prefault({})
      .meta({ description: 'Answers that a provider stops for length are continued and joined.' }),
    store_prompts: z.enum(['off', 'redacted', 'full']).default('off').meta({
      description:
        'Keep what turns said, for `vigiles turn export`. redacted: known secrets and whatever looks like one are taken out. full: only known secrets are.',
    }),
    prompts_keep_days: z.number().min(0.01).max(365).default(7),
    prompts_max_kb: z.int().min(1).max(65_536).default(512).meta({
      description: 'Longest request or answer that is kept whole; longer ones are cut.',
    }),
    prompts_total_mb: z
      .int()
      .min(1)
      .max(1_048_576)
      .default(512)
      .meta({ description: 'Together; the oldest go first.' }),
    max_body_mb: z.number().min(0.001).max(512).default(8),
  })
  .prefault({});
export type GatewayConfig = z.output<typeof GatewayConfig>;
