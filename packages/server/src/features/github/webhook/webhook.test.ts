import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Webhooks } from '@octokit/webhooks';
import examples from '@octokit/webhooks-examples' with { type: 'json' };
import { hookSecret, openGithubRig, type GithubRig } from '../testing/github-rig.ts';
import { compileLog } from '../testing/logs.ts';
import { isSigned } from './signature.ts';

let rig: GithubRig;
before(async () => void (rig = await openGithubRig()));
after(() => rig.close());

const jobs = [{ name: 'build', conclusion: 'failure', step: 'Run npm test', log: compileLog }];
const jobsAsked = (id: number) => rig.github.count('GET', new RegExp(`/runs/${id}/attempts/1/jobs$`));

async function post(body: string | Buffer, headers: Record<string, string>, path = '/api/v1/github/webhook') {
  const signature = `sha256=${createHmac('sha256', hookSecret).update(body).digest('hex')}`;
  const response = await fetch(rig.url + path, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'ping',
      'x-github-delivery': 'some-delivery',
      'x-hub-signature-256': signature,
      ...headers,
    },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('the same delivery twice is one run and a “duplicate” with 200', async () => {
  const run = rig.github.addRun({ jobs });
  const first = await rig.tell(run);
  const again = await rig.github.redeliver(rig.hook, hookSecret, first.id);
  assert.equal(again.status, 200);
  assert.equal(again.body['status'], 'duplicate');
  await rig.answered(run);
  assert.equal(jobsAsked(run.id), 1);
});

test('the hooks of an organisation and of its repository tell the same once, by run, attempt and action', async () => {
  const run = rig.github.addRun({ jobs });
  // Each by itself, with a delivery id of its own.
  const replies = [await rig.tell(run), await rig.tell(run), await rig.tell(run, 'requested')];
  await rig.answered(run);
  assert.deepEqual(
    replies.map(({ body }) => body['status']),
    ['received', 'duplicate', 'received'],
  );
});

test('a delivery whose handling failed is handled again when an operator sends it again', async () => {
  const run = rig.github.addRun({ jobs });
  rig.github.failNext(100, 500);
  const first = await rig.tell(run);
  const deadline = performance.now() + 30_000;
  const failed = async () =>
    (await rig.call<{ webhook: { failed: number } }>('GET', '/api/v1/github/health')).body.webhook.failed;
  while ((await failed()) === 0 && performance.now() < deadline)
    await new Promise((done) => setTimeout(done, 25));
  rig.github.failNext(0, 500);
  const again = await rig.github.redeliver(rig.hook, hookSecret, first.id);
  assert.equal(again.body['status'], 'received');
  assert.equal((await rig.answered(run)).run.action?.kind, 'notify');
  assert.equal(await failed(), 0);
});

test('the old secret holds beside the new one while it is there; any other is refused with 401', async () => {
  const body = Buffer.from('{"zen":"ok"}');
  const sign = (secret: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  assert.ok(isSigned(['new', 'old'], body, sign('old')));
  assert.ok(!isSigned(['new'], body, sign('old')));
  const old = await post(body, { 'x-hub-signature-256': sign('the-secret-before-it-9876') });
  assert.equal(old.status, 200);
  for (const signature of [sign('guessed'), 'sha256=', 'sha1=0123', '']) {
    const refused = await post(body, { 'x-hub-signature-256': signature });
    assert.equal(refused.status, 401);
    assert.equal(refused.body['code'], 'webhook_signature_invalid');
  }
});

test('what GitHub’s own library signs is accepted, and nothing of it changed', async () => {
  const library = new Webhooks({ secret: hookSecret });
  const text = '{"zen":"Speak like a human. 🦄"}';
  const signature = await library.sign(text);
  assert.ok(isSigned([hookSecret], Buffer.from(text), signature));
  assert.ok(!isSigned([hookSecret], Buffer.from(`${text} `), signature));
});

test('bytes are verified before they are read: emoji, and what is no UTF-8', async () => {
  assert.equal((await post('{"zen":"🦄 ünïcode"}', {})).status, 200);
  const broken = Buffer.concat([Buffer.from('{"zen":"'), Buffer.from([0xff, 0xfe, 0xc0]), Buffer.from('"}')]);
  assert.equal((await post(broken, {})).status, 200);
  assert.equal((await post('{"zen":', {})).status, 400);
});

test('forms are refused with 415, large bodies with 413, and events without their headers with 400', async () => {
  assert.equal(
    (await post('payload=%7B%7D', { 'content-type': 'application/x-www-form-urlencoded' })).status,
    415,
  );
  assert.equal((await post(`{"zen":"${'x'.repeat(6_000_000)}"}`, {})).status, 413);
  assert.equal((await post('{}', { 'x-github-event': 'No Event' })).status, 400);
});

test('an answer does not wait for GitHub, and the unversioned path is the same door', async () => {
  const run = rig.github.addRun({ jobs });
  rig.github.failNext(3, 500);
  const body = JSON.stringify(rig.github.payloadOf(run, 'completed'));
  const reply = await post(
    body,
    { 'x-github-event': 'workflow_run', 'x-github-delivery': 'unversioned-1' },
    '/api/github/webhook',
  );
  assert.equal(reply.body['status'], 'received');
  assert.equal(jobsAsked(run.id), 0);
  await rig.answered(run);
});

test('repositories that are not on the list are ignored', async () => {
  const run = rig.github.addRun({ jobs, repository: 'stranger/code' });
  const reply = await rig.tell(run);
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.body['result'], {
    status: 'ignored',
    message: 'the repository is not one of github.repositories',
  });
  assert.equal((await rig.call('GET', `/api/v1/github/runs/${run.id}`)).status, 404);
});

test('GitHub’s own example payloads of every followed event are taken as they are', async () => {
  const wanted = new Set(['ping', 'push', 'workflow_run', 'workflow_job', 'check_run', 'star']);
  const seen = new Map<string, Set<string>>();
  for (const { name, examples: payloads } of examples as unknown as { name: string; examples: object[] }[]) {
    if (!wanted.has(name)) continue;
    for (const payload of payloads) {
      const repository = (payload as { repository?: { full_name: string } }).repository;
      const ours = repository
        ? { ...payload, repository: { ...repository, full_name: 'octo/other' } }
        : payload;
      const reply = await rig.github.deliver(rig.hook, hookSecret, name, ours);
      assert.equal(reply.status, 200, `${name}: ${JSON.stringify(reply.body)}`);
      const result = (reply.body['result'] as { status?: string } | null)?.status ?? 'duplicate';
      seen.set(name, (seen.get(name) ?? new Set()).add(result));
    }
  }
  assert.deepEqual([...seen.keys()].toSorted(), [...wanted].toSorted());
  assert.ok(seen.get('ping')?.has('ok'));
  assert.ok(seen.get('workflow_run')?.has('success'));
  assert.ok(seen.get('star')?.has('ignored'));
});

test('without a secret every delivery is refused with 503', async () => {
  const bare = await openGithubRig({ secrets: false });
  try {
    const run = bare.github.addRun({ jobs });
    const reply = await bare.tell(run);
    assert.equal(reply.status, 503);
    assert.equal(reply.body['code'], 'webhook_secret_missing');
  } finally {
    await bare.close();
  }
});
