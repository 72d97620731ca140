import { readFileSync } from 'node:fs';
import { FaultEntry, type ChannelHealth, type Delivery, type Notification } from '@vigiles/contract';

const hostile = '<img src=x onerror="document.title=1"> \u202Eesrever ${jndi:ldap://x}';

const delivery = (over: Partial<Delivery>): Delivery => ({
  id: 'del_1',
  notification_id: 'ntf_1',
  channel: 'on-call',
  state: 'delivered',
  role: 'first',
  attempts: 1,
  reason: '',
  answer: 'HTTP 204',
  together: 1,
  created_at: Date.now() - 60_000,
  next_at: null,
  finished_at: Date.now() - 59_000,
  ...over,
});

const notification = (id: string, over: Partial<Notification>): Notification => ({
  id,
  type: 'error',
  title: 'Browser MCP server is down',
  message: 'Connection refused on port 7802, three looks in a row.',
  duration_ms: 8000,
  sticky: false,
  created_at: Date.now() - 90_000,
  timestamp: new Date().toISOString(),
  kind: 'incident',
  severity: 'critical',
  phase: 'needs_person',
  service: 'mcp-browser',
  fault: 'A1',
  incident_id: 'inc_05',
  actor: 'watchdog',
  deliveries: [delivery({})],
  ...over,
});

const states = [
  delivery({}),
  delivery({
    id: 'del_2',
    channel: 'team',
    state: 'queued',
    reason: 'quiet hours',
    answer: '',
    next_at: Date.now() + 3_600_000,
    finished_at: null,
  }),
  delivery({
    id: 'del_3',
    channel: 'phone',
    state: 'failed',
    attempts: 6,
    reason: 'refused with 401',
    answer: 'wrong token',
  }),
  delivery({ id: 'del_4', channel: 'mail', state: 'dropped', reason: 'more than 20 a minute', answer: '' }),
];

const notifications = [
  notification('ntf_1', { deliveries: states }),
  notification('ntf_2', {
    type: 'warning',
    severity: 'warning',
    kind: 'message',
    phase: 'single',
    title: hostile,
    message: hostile,
    incident_id: null,
    deliveries: [],
  }),
  notification('ntf_3', {
    type: 'success',
    severity: 'info',
    phase: 'resolved',
    title: 'Ollama is up again',
    deliveries: [delivery({})],
  }),
];

const channel = (name: string, over: Partial<ChannelHealth>): ChannelHealth => ({
  name,
  type: 'webhook',
  title: 'Webhook',
  target: 'hooks.example.com',
  enabled: true,
  health: 'ok',
  problem: null,
  queued: 0,
  delivered_24h: 12,
  failed_24h: 0,
  dropped_24h: 0,
  last_delivered_at: Date.now() - 60_000,
  last_error: null,
  quiet_until: null,
  ...over,
});

const channels = [
  channel('on-call', {}),
  channel('team', { type: 'slack', title: 'Slack', queued: 3, quiet_until: Date.now() + 3_600_000 }),
  channel('phone', {
    type: 'gotify',
    title: 'Gotify',
    health: 'failing',
    failed_24h: 4,
    last_error: { at: Date.now(), reason: 'It refused with 401.', answer: 'wrong token' },
  }),
  channel('mail', {
    type: 'email',
    title: 'Email',
    health: 'broken',
    problem: 'secret:mail is not kept here.',
  }),
  channel('old', { health: 'off', enabled: false, delivered_24h: 0, last_delivered_at: null }),
  channel('new', { health: 'untested', delivered_24h: 0, last_delivered_at: null }),
];

const fault = (id: string, title: string, over: object, seen: object = {}): object => ({
  ...FaultEntry.parse({
    id,
    title,
    category: 'service',
    severity: 'critical',
    applies_to: { class: ['service'] },
    detectors: [
      {
        type: 'log',
        signal: 'line',
        literal: 'EADDRINUSE',
        scope: { source: ['service:*'] },
        window: { count: 2, within_s: 60 },
      },
      { type: 'state', signal: 'died', state: 'process_dead' },
    ],
    when: 'line or died',
    tier1: [{ action: 'kill_stale_processes' }, { action: 'restart_service', next: 'always' }],
    docs: {
      what: 'Another process holds its port.',
      seen: 'A line with `EADDRINUSE`.',
      done: 'The old copy is ended.',
      person: 'Look who holds it.',
    },
    examples: { match: ['Error: listen EADDRINUSE', 'Error: listen EADDRINUSE'] },
    ...over,
  }),
  source: 'built-in',
  file: null,
  enabled: true,
  overrides: false,
  seen: { episodes: 0, occurrences: 0, active: [], last_at: null, ...seen },
});

const faults = [
  fault('A2', 'Its port is taken', {}, { episodes: 2, occurrences: 5, active: ['mcp-browser'] }),
  fault('B4', 'It wants a newer client', {
    category: 'provider',
    severity: 'warning',
    escalate: { after: 1, to: 'ai', advice: 'Update it.' },
  }),
  {
    ...fault('OURS-1', hostile, { category: 'custom', severity: 'info', tier1: [] }),
    source: 'user',
    file: 'ours.yaml',
    enabled: false,
  },
];

const problem = { file: 'ours.yaml', line: 4, column: 7, message: 'when: signal "lost" is not declared' };

/** As the server publishes it: the rule form is drawn from it. */
const faultSchema = (): unknown =>
  JSON.parse(
    readFileSync(new URL('../../../docs/reference/faults.schema.json', import.meta.url), 'utf8'),
  ) as unknown;

/** What the fault catalogue and the notifications read. Nothing: it is not theirs. */
export function answerNotices(path: string, query: URLSearchParams, empty: boolean): unknown {
  const data = (value: unknown) => ({ ok: true, data: value });
  const own = '/api/v1/notifications';
  if (path === '/api/v1/faults')
    return empty ? { faults: [], problems: [] } : { faults, problems: [problem] };
  if (path === '/api/v1/faults/schema') return { schema: faultSchema() };
  if (path === '/api/v1/faults/plan')
    return {
      file: 'catalogue/ours.yaml',
      before: 'faults: []\n',
      after: 'faults:\n  - id: OURS-2\n',
      problems: [],
    };
  if (path === '/api/v1/faults/test') return { matches: [], problems: [], lines: 1 };
  if (path === `${own}/search`) {
    const found = empty || query.get('query') ? [] : notifications;
    return data({ notifications: found, total: found.length, offset: 0 });
  }
  if (path === `${own}/channels`) {
    const deadman = {
      enabled: !empty,
      target: 'hc.example.com',
      ok: false,
      last_at: Date.now(),
      last_ok_at: null,
      reason: 'It answered 500.',
    };
    return data({ channels: empty ? [] : channels, deadman });
  }
  if (path === `${own}/channel-types`) {
    const schema = {
      type: 'object',
      required: ['url'],
      properties: {
        name: { type: 'string' },
        url: { type: 'string', secret: true, description: 'Where it goes.' },
      },
    };
    return data({ types: [{ type: 'webhook', title: 'Webhook', schema }] });
  }
  if (path === `${own}/push`) return data({ public_key: null, subscriptions: [] });
  const one = notifications.find(({ id }) => path === `${own}/${id}`);
  return one && data(one);
}
