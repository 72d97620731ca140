import type { Checkpoint, Decision, Session, SessionCommand, SessionPhase } from '@vigiles/contract';

const able = {
  halt: 'turn' as const,
  resume: true,
  steer: true,
  rollback: true,
  decide: true,
  inject: true,
  reasons: {},
};

const session = (id: string, now: number, over: Partial<Session>): Session => ({
  session_id: id,
  created_at: new Date(now - 3_600_000).toISOString(),
  status: 'running',
  skills: [],
  metadata: {},
  progress: 0,
  current_skill: null,
  phase: 'running',
  phase_reason: '',
  title: id,
  agent: { kind: 'codex', name: 'Codex', model: 'gpt-5.4-codex', pid: 5120, capabilities: able },
  cost_microusd: 412_000,
  tokens: { input: 310_400, cached: 214_000, output: 18_200 },
  last_event_at: now - 2_000,
  head_seq: 360,
  oldest_seq: 1,
  owner_device_id: 'dev_1',
  tenant: 'default',
  pending_decisions: 0,
  watchers: 0,
  ...over,
});

const ended: [SessionPhase, Session['status']][] = [
  ['completed', 'completed'],
  ['failed', 'failed'],
  ['halted', 'halted'],
  ['disconnected', 'running'],
  ['idle', 'created'],
];

/** One session in each state, one with a very long log, and one whose agent can do little. */
export function makeSessions(now: number): Session[] {
  return [
    session('ses_parser', now, {
      title: 'Mend the failing parser test',
      phase: 'waiting',
      phase_reason: 'It asks whether it may run a command.',
      current_skill: 'shell',
      progress: 40,
      pending_decisions: 2,
      watchers: 2,
    }),
    session('ses_long', now, {
      title: 'Move the whole repository to strict types',
      agent: {
        kind: 'claude',
        name: 'Claude Code',
        model: 'claude-sonnet-4-5',
        pid: 5188,
        capabilities: able,
      },
      head_seq: 100_000,
      current_skill: 'edit',
      watchers: 1,
      cost_microusd: 21_400_000,
    }),
    session('ses_shannon', now, {
      title: '<img src=x onerror="document.title=1">',
      agent: null,
      skills: ['analyse', 'implement', 'test'],
      current_skill: 'analyse',
      cost_microusd: 0,
      tokens: { input: 0, cached: 0, output: 0 },
      head_seq: 40,
    }),
    session('ses_watched', now, {
      title: 'Somebody’s own Claude Code',
      agent: {
        kind: 'claude',
        name: 'Claude Code',
        model: null,
        pid: 6120,
        capabilities: {
          halt: 'gate',
          resume: true,
          steer: false,
          rollback: false,
          decide: true,
          inject: false,
          reasons: {
            steer: 'It was not started by Vigiles: only its hooks are heard.',
            inject: 'It was not started by Vigiles: only its hooks are heard.',
            rollback: 'Its folder is no Git repository.',
          },
        },
      },
      head_seq: 90,
    }),
    ...ended.map(([phase, status], at) =>
      session(`ses_${phase}`, now, {
        title: `A session that is ${phase}`,
        phase,
        status,
        phase_reason: phase === 'failed' ? 'The agent ended with exit code 1.' : '',
        agent: { kind: 'acp', name: 'goose', model: 'qwen3-coder', pid: null, capabilities: able },
        last_event_at: now - (at + 1) * 900_000,
        head_seq: 54,
      }),
    ),
  ];
}

const decision = (id: string, now: number, over: Partial<Decision>): Decision => ({
  decision_id: id,
  session_id: 'ses_parser',
  tenant: 'default',
  kind: 'permission',
  question: 'May it run this command?',
  options: [
    { id: 'accept', label: 'Yes, once', kind: 'allow_once' },
    { id: 'acceptForSession', label: 'Yes, in this session', kind: 'allow_always' },
    { id: 'decline', label: 'No', kind: 'reject_once' },
  ],
  default: null,
  on_timeout: 'deny',
  opened_at: now - 20_000,
  expires_at: now + 280_000,
  state: 'pending',
  resolution: null,
  detail: { command: 'rm -rf node_modules && npm ci', cwd: '/home/ada/app' },
  ...over,
});

export const makeDecisions = (now: number): Decision[] => [
  decision('dec_1', now, {}),
  decision('dec_2', now, {
    kind: 'question',
    question: 'Which approach? <b>bold</b>',
    options: [
      { id: 'A', label: 'Return an empty tree', kind: null },
      { id: 'B', label: 'Throw a typed error', kind: null },
    ],
    default: 'A',
    on_timeout: 'default',
    expires_at: null,
    detail: {
      diff: '@@ -1 +1,2 @@\n-return build(tokens);\n+if (tokens.length === 0) return empty;\n+return build(tokens);\n',
    },
  }),
];

const command = (id: string, now: number, over: Partial<SessionCommand>): SessionCommand => ({
  command_id: id,
  session_id: 'ses_parser',
  type: 'HALT',
  args: {},
  state: 'applied',
  actor: 'device:dev_1',
  expected_seq: null,
  created_at: now - 60_000,
  deadline: now + 60_000,
  delivered_at: now - 59_990,
  settled_at: now - 58_000,
  epoch: 1,
  seq: 300,
  note: '',
  evidence: null,
  ...over,
});

export const makeCommands = (now: number): SessionCommand[] => [
  command('cmd_2', now, {
    type: 'REDIRECT',
    state: 'delivered',
    settled_at: null,
    seq: 320,
    created_at: now - 2_000,
  }),
  command('cmd_1', now, { note: 'turn interrupted, 2 children ended' }),
  command('cmd_3', now, {
    session_id: 'ses_shannon',
    state: 'queued',
    delivered_at: null,
    settled_at: null,
    seq: 39,
  }),
  command('cmd_4', now, {
    session_id: 'ses_halted',
    type: 'ROLLBACK',
    state: 'failed',
    note: 'src/a.ts is in use',
    seq: 50,
  }),
];

export const makeCheckpoints = (now: number): Checkpoint[] =>
  Array.from({ length: 6 }, (_, at) => ({
    checkpoint_id: `cp_${at}`,
    session_id: 'ses_parser',
    seq: 11 + at * 18,
    label: at === 4 ? 'Before going back' : `Before part ${at + 1}`,
    skill_name: null,
    kind: at === 4 ? 'safety' : 'auto',
    created_at: now - (6 - at) * 240_000,
    restores: { files: true, conversation: at !== 2 },
    files: 412 + at,
    bytes: 3_400_000,
    ref: {},
  }));
