import { z } from 'zod';
import { VerdictKind } from '../resources/ci-verdict.ts';

const repository = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, 'owner/name');
const ref = z
  .string()
  .max(255)
  .regex(
    /^refs\/heads\/(?!.*(?:\.\.|\/\/|@\{|\.lock(?:\/|$)|\/\.))[^\s~^:?*[\\\p{Cc}.][^\s~^:?*[\\\p{Cc}]*(?<![/.])$/u,
    'a whole ref such as refs/heads/main',
  );
const scriptName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'a name of watchdog.scripts');

/** How Vigiles signs in to GitHub. Tried in this order: app, token, `gh`; with none of them it only observes. */
const AppConfig = z.strictObject({
  id: z.union([z.int().positive().transform(String), z.string().min(1).max(100)]).meta({
    description: 'App id or client id.',
  }),
  private_key: z
    .string()
    .min(1)
    .max(8192)
    .meta({ description: 'PEM; a reference such as ${secret:gh-app}.' }),
  installation_id: z.int().positive().meta({ description: 'Number of the installation.' }),
});

const WebhookConfig = z
  .strictObject({
    secret: z.string().min(1).max(500).optional().meta({
      description: 'Shared with GitHub; without one every delivery is refused with 503.',
    }),
    old_secret: z.string().min(1).max(500).optional().meta({
      description: 'The one before: accepted too while the secret is changed. Take it out afterwards.',
    }),
    max_payload_mb: z
      .number()
      .min(0.01)
      .max(25)
      .default(5)
      .meta({ description: 'Larger deliveries are refused with 413.' }),
    keep_days: z
      .int()
      .min(1)
      .max(365)
      .default(14)
      .meta({ description: 'Days for which deliveries are remembered.' }),
  })
  .prefault({});

const HealConfig = z
  .strictObject({
    enabled: z.boolean().default(true).meta({
      description: 'Re-run failed jobs by itself. Off: it only judges and tells.',
    }),
    max_retries: z.int().min(0).max(2).default(2).meta({
      description: 'Re-runs per commit and workflow; never more than 2.',
    }),
    min_confidence: z.number().min(0).max(1).default(0.8).meta({
      description: 'A verdict below this is told, not acted on.',
    }),
    events: z
      .array(z.string().regex(/^[a-z_]{1,50}$/))
      .max(50)
      .default(['push', 'pull_request'])
      .meta({ description: 'Runs that were triggered by something else are never re-run by themselves.' }),
    storm_limit: z.int().min(1).max(1000).default(10).meta({
      description: 'Re-runs in all repositories within the window; past it a person is told instead.',
    }),
    storm_window_minutes: z.int().min(1).max(1440).default(60),
    deploy_like: z
      .array(z.string().min(1).max(100))
      .max(100)
      .default(['deploy', 'release', 'publish', 'rollout', 'migrate', 'provision', 'terraform', 'production'])
      .meta({
        description:
          'A workflow that has one of these anywhere in its name or file, also within a word, never runs twice by itself.',
      }),
    allow_deploys: z
      .array(z.string().min(1).max(200))
      .max(100)
      .default([])
      .meta({ description: 'Names of workflows that may be re-run although they look like a deploy.' }),
    fix_scripts: z
      .array(
        z.strictObject({
          script: scriptName,
          kind: VerdictKind.meta({ description: 'Kind of failure it is for.' }),
          workflow: z
            .string()
            .min(1)
            .max(200)
            .optional()
            .meta({ description: 'Only this workflow. Absent: any.' }),
          repository: repository.optional().meta({ description: 'Only this repository. Absent: any.' }),
          retry: z
            .boolean()
            .default(false)
            .meta({ description: 'Re-run the failed jobs when it ended well.' }),
        }),
      )
      .max(100)
      .default([])
      .meta({ description: 'Programs of watchdog.scripts that run for a pattern of failures.' }),
  })
  .prefault({});

const SyncConfig = z
  .strictObject({
    path: z.string().startsWith('/').max(4096).optional().meta({
      description: 'Working copy that is kept up to date. Absent: there is no sync.',
    }),
    repository: repository.optional().meta({ description: 'Whose copy it is; must be one of repositories.' }),
    ref: ref.default('refs/heads/main').meta({ description: 'The one whole ref that is pulled and pushed.' }),
    url: z.string().max(2048).optional().meta({
      description: 'Address of the repository without credentials. Absent: made of web_url and repository.',
    }),
    push_enabled: z.boolean().default(false).meta({ description: 'Allow push. Never with force.' }),
    pull_on_push: z
      .boolean()
      .default(false)
      .meta({ description: 'Pull when GitHub tells of a push to the ref.' }),
    timeout_s: z.number().min(0.1).max(600).default(60),
  })
  .prefault({});

const HandOverConfig = z
  .strictObject({
    enabled: z.boolean().default(false).meta({
      description: 'Offer a failure to an agent. A person decides each time before it starts.',
    }),
    agent: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,39}$/)
      .optional()
      .meta({ description: 'Name of the agent: codex, claude, or one of agents.acp.' }),
    path: z.string().startsWith('/').max(4096).optional().meta({
      description: 'Folder in which the agent works: a checkout of the repository.',
    }),
    kinds: z.array(VerdictKind).max(20).default(['build', 'test', 'lint']),
    expires_minutes: z.int().min(1).max(10_080).default(240),
  })
  .prefault({});

const OpinionConfig = z
  .strictObject({
    enabled: z.boolean().default(false).meta({
      description:
        'Ask a model about failures of which the verdict is not sure. What it says is shown and never acted on.',
    }),
    below_confidence: z.number().min(0).max(1).default(0.7).meta({
      description: 'It is asked where the verdict is less sure than this, or unknown.',
    }),
    model: z.string().min(1).max(256).optional().meta({
      description:
        'A model or a route, as agents ask the gateway for it. Absent: `watchdog.ai.model`, else `gateway.default_model`.',
    }),
  })
  .prefault({})
  .meta({
    description:
      'Pace, money, time and length of a question are those of `watchdog.ai`: one budget for both.',
  });

/** GitHub Actions under watch: judged, healed where that is safe, and a working copy kept in step. */
export const GithubConfig = z
  .strictObject({
    enabled: z.boolean().default(true).meta({ description: 'Off: nothing is received, asked or done.' }),
    repositories: z.array(repository).max(500).default([]).meta({
      description: 'Repositories that count: owner/name. Empty: none.',
    }),
    token: z.string().min(1).max(500).optional().meta({
      description: 'Token with actions:write; a reference such as ${secret:github}.',
    }),
    app: AppConfig.optional().meta({ description: 'A GitHub App instead of a token.' }),
    use_gh: z
      .boolean()
      .default(true)
      .meta({ description: "Use the login of GitHub's own command line where nothing else is set." }),
    api_url: z
      .url({ protocol: /^https?$/ })
      .default('https://api.github.com')
      .meta({
        description: 'REST API; of GitHub Enterprise: https://host/api/v3.',
      }),
    web_url: z.url({ protocol: /^https?$/ }).default('https://github.com'),
    poll_s: z.int().min(0).max(86_400).default(300).meta({
      description: 'Seconds between looks at repositories of which no webhook came lately; 0: never.',
    }),
    keep_days: z.int().min(1).max(3650).default(90).meta({ description: 'Days for which runs are kept.' }),
    max_log_mb: z.number().min(0.01).max(100).default(32).meta({
      description: 'How much of the log of one job is read.',
    }),
    webhook: WebhookConfig,
    heal: HealConfig,
    sync: SyncConfig,
    hand_over: HandOverConfig,
    opinion: OpinionConfig,
  })
  .prefault({})
  .meta({ description: 'GitHub Actions: webhook, verdicts, re-runs, sync.' });
export type GithubConfig = z.output<typeof GithubConfig>;
