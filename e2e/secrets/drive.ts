import type {
  ActionRun,
  Incident,
  MailResult,
  PluginPlan,
  PluginProcess,
  Service,
} from '../../packages/contract/src/index.ts';
import type { Vigiles } from '../harness/vigiles.ts';
import { waitFor } from '../harness/wait-for.ts';
import type { ServiceRig } from '../services/service-row.ts';
import { formsOf, type Marks } from './marks.ts';
import type { Peers } from './peers.ts';
import { writeTalkativePlugin } from './plugin.ts';

export interface Driven {
  /** What Vigiles answered to whoever asked: bodies, with their status, by what was asked. */
  answers: string[];
  /** Tokens that were given out on the way, by what they are. */
  tokens: Map<string, string>;
  /** Ids for the parameters of addresses: `/api/v1/mail/outbox/{id}` → id. */
  ids: Record<string, string>;
}

const exchange = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
};

/** Uses every service: with what its peer takes, and with what it refuses. Throws where one does neither. */
export async function driveAll(
  rig: ServiceRig,
  vigiles: Vigiles,
  peers: Peers,
  marks: Marks,
): Promise<Driven> {
  const { github, oidc, echo, mail } = peers;
  const answers: string[] = [];
  const tokens = new Map<string, string>();
  const token = await vigiles.pairDevice('agent', ['read', 'operate', 'gateway', 'oauth', 'config']);
  tokens.set('device token', token);
  const call = async <Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    more: { token?: string } = {},
  ): Promise<Body> => {
    const given = await rig.call<Body>(vigiles, method, path, {
      ...(body === undefined ? {} : { body }),
      ...more,
    });
    answers.push(`${method} ${path} → ${given.status} ${JSON.stringify(given.body)}`);
    return given.body;
  };
  const heard = (what: keyof Marks) =>
    waitFor(`${what} to be used`, () => formsOf(marks[what]).some(echo.heard));

  // The gateway: one provider answers, the other refuses and repeats what it was sent.
  for (const provider of ['good', 'bad', 'late', 'raw']) {
    for (const stream of [false, true]) {
      const turn = await fetch(`${vigiles.gatewayUrl}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          model: `${provider}/m`,
          stream,
          messages: [{ role: 'user', content: 'Hello' }],
        }),
      });
      answers.push(`turn to ${provider} → ${turn.status} ${await turn.text()}`);
    }
  }
  await heard('provider key');
  await heard('refused provider key');

  // GitHub: a delivery that counts, one that is forged, its API refusing, a pull that works and one that does not.
  const hook = `${vigiles.url}/api/v1/github/webhook`;
  const told = async (workflow: string, secret: string): Promise<void> => {
    const run = github.addRun({
      workflow,
      jobs: [{ name: 'build', conclusion: 'failure', step: 's', log: 'x' }],
    });
    const before = github.seen.length;
    const payload = github.payloadOf(run, 'completed');
    answers.push(JSON.stringify(await github.deliver(hook, secret, 'workflow_run', payload)));
    if (secret === marks['webhook secret'])
      await waitFor('its API to be asked', () => github.seen.length > before);
  };
  await told('Compile', marks['webhook secret']);
  await told('Forged', 'forged');
  github.failNext(1, 401, `Bad credentials ${marks['GitHub token']}`);
  await told('Refused', marks['webhook secret']);
  const pulled = await call<{ success: boolean }>('POST', '/api/v1/github/sync', { action: 'pull' });
  await peers.repository.close();
  const failed = await call<{ success?: boolean }>('POST', '/api/v1/github/sync', { action: 'pull' });
  if (!pulled.success || failed.success) throw new Error(`sync: ${answers.slice(-2).join('\n')}`);

  // Mail: one that arrives, one whose server repeats the password in its refusal.
  const letter = { to: ['me@ok.example'], subject: 's', body: 'b', wait_s: 20 };
  const sent = await call<MailResult>('POST', '/api/v1/mail/send', letter, { token });
  mail.state.refuseText = `554 5.7.1 refused, you said ${marks['SMTP password']}`;
  const refused = await call<MailResult>('POST', '/api/v1/mail/send', letter, { token });
  mail.state.refuseText = '';
  if (!sent.success || refused.success) throw new Error(`mail: ${answers.slice(-2).join('\n')}`);

  // Accounts elsewhere: connected, asked through a short token, repeated by the API, renewed, withdrawn; and one that refuses.
  const begun = await call<{ authorization_url: string }>('POST', '/api/v1/oauth/home/connect');
  const back = await oidc.agree(begun.authorization_url);
  await call('POST', '/api/v1/oauth/callback', Object.fromEntries(back.searchParams));
  const fields = { ...exchange, subject_token: token, audience: 'oauth:home' };
  const exchanged = await fetch(`${vigiles.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  const short = ((await exchanged.json()) as { access_token: string }).access_token;
  tokens.set('short token', short);
  const me = await call<{ sub?: string }>('GET', '/api/v1/oauth/home/proxy/me', undefined, { token: short });
  if (me.sub !== 'ada') throw new Error(`oauth: ${answers.at(-1) ?? ''}`);
  await call('POST', '/api/v1/oauth/home/refresh');
  oidc.withdraw();
  await call('GET', '/api/v1/oauth/home/proxy/me', undefined, { token: short });
  const other = await call<{ authorization_url: string }>('POST', '/api/v1/oauth/bad/connect');
  const state = new URL(other.authorization_url).searchParams.get('state') ?? '';
  await call('POST', '/api/v1/oauth/callback', { state, code: 'some-code' });
  if (oidc.given.size < 3) throw new Error('the provider gave out too little');
  for (const [at, value] of [...oidc.given].entries()) tokens.set(`provider token ${at}`, value);
  tokens.set('OAuth client secret', oidc.clientSecret);
  tokens.set('Notion token', peers.notion.token);

  const synced = await rig.cli(vigiles, 'notion', 'sync');
  answers.push(synced.out);
  if (!synced.out.includes('pulled')) throw new Error(`notion: ${synced.out}`);

  // Backups: two are kept, two are refused.
  for (const [target, wanted] of Object.entries({
    drive: 'fixed',
    s3: 'fixed',
    'bad-s3': 'not_fixed',
    'bad-dav': 'not_fixed',
  })) {
    const { id } = await call<ActionRun>('POST', `/api/v1/backups/${target}/run`, {});
    const done = await waitFor(
      `the backup to ${target}`,
      async () => {
        const { body } = await rig.call<ActionRun>(vigiles, 'GET', `/api/v1/actions/runs/${id}`);
        return body.state === 'finished' ? body : null;
      },
      120_000,
    );
    answers.push(JSON.stringify(done));
    if (done.outcome !== wanted) throw new Error(`backup to ${target}: ${JSON.stringify(done)}`);
  }

  // A plugin that says its secret wherever it can; the services it looks at go down over it.
  const published = await rig.cli(vigiles, 'plugin', 'publish', writeTalkativePlugin(rig.folder()));
  answers.push(published.out);
  const { consent } = await call<PluginPlan>('GET', '/api/v1/plugin/talkative/plan');
  await call('POST', '/api/v1/plugin/talkative/install', { consent });
  await waitFor('the plugin’s services to be looked at', async () => {
    const { services } = await vigiles.api<{ services: Service[] }>('/api/v1/services');
    const texts = JSON.stringify(services);
    return texts.includes('found ') && texts.includes('thrown with');
  });
  const incident = await waitFor('an incident', async () => {
    const { incidents } = await vigiles.api<{ incidents: Incident[] }>('/api/v1/incidents');
    return incidents.find(({ service }) => service === 'queue');
  });
  await call('POST', '/api/v1/plugin/registries/shop/refresh');

  // People are told, through channels that work and that do not, of words that hold a secret.
  await call(
    'POST',
    '/api/v1/notifications',
    { type: 'error', title: 'Said', message: `by an agent: ${marks['provider key']}` },
    { token },
  );
  for (const channel of ['hook', 'bad-hook', 'bad-gotify', 'bad-mail'])
    await call('POST', `/api/v1/notifications/channels/${channel}/test`);
  await Promise.all(
    (
      [
        'channel address',
        'channel header',
        'refused channel address',
        'refused channel token',
        'registry token',
        'dead man’s address',
      ] as const
    ).map(heard),
  );
  // An agent says secrets wherever it can: in its events, the names of its checkpoints, its questions and its skills.
  const said = `the key is ${marks['provider key']}, and ${marks['GitHub token']}`;
  const session = '/api/v1/sessions/talkative';
  await call('POST', '/api/v1/sessions', { session_id: 'talkative', metadata: { title: said } });
  const talk = { type: 'skill:started', data: { skill_name: said, parameters: { list: [said] } } };
  const note = { type: 'checkpoint:created', data: { label: said } };
  await call('POST', `${session}/events`, { events: [talk, note] });
  await call('POST', `${session}/events/volatile`, {
    events: [{ type: 'message:delta', data: { delta: said } }],
  });
  await call('POST', `${session}/checkpoints`, { label: said });
  await call('POST', '/api/v1/skills', { skills: [{ name: 'talkative', description: said }] });
  const asked = await call<{ decision_id: string }>('POST', `${session}/decisions`, {
    question: said,
    options: [{ id: 'yes', label: said }],
    detail: { command: said },
  });
  // A configuration that is refused, with a secret where none belongs.
  await call('PATCH', '/api/v1/config', { patch: [{ path: 'server.port', value: marks['provider key'] }] });
  const { processes } = await vigiles.api<{ processes: PluginProcess[] }>('/api/v1/plugin-processes');
  if (processes.length === 0) throw new Error('no plugin runs');
  const runs = await vigiles.api<{ runs: { id: string }[] }>('/api/v1/actions/runs');
  return {
    answers,
    tokens,
    ids: {
      '/incidents/': incident.id,
      '/mail/outbox/': refused.id,
      '/actions/runs/': runs.runs[0]?.id ?? '',
      '/plugin/': 'talkative',
      '/plugin-processes/': 'talkative',
      '/services/': 'queue',
      '/oauth/': 'home',
      '/backups/': 'bad-dav',
      '/skills/': 'talkative',
      '/decisions/': asked.decision_id,
      '/sessions/': 'talkative',
    },
  };
}
