import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type {
  ErrorEnvelope,
  NotionConflict,
  NotionState,
  NotionSync,
  NotionWebhookReply,
} from '@vigiles/contract';
import { startTestControl, until } from '../../../testing/test-control.ts';
import { startNotion } from './testing/notion-stand-in.ts';

/** Ten times the real pace, on both sides: the rule is the same, and nobody waits for it. */
const perSecond = 30;
const notion = await startNotion(perSecond);
const text = (content: string) => ({ rich_text: [{ type: 'text', text: { content } }] });
const image = { type: 'image', image: {} };
const notes = notion.page([
  { type: 'heading_1', heading_1: text('Plan') },
  { type: 'paragraph', paragraph: text('First words') },
  image,
  {
    type: 'toggle',
    toggle: { ...text('More'), children: [{ type: 'to_do', to_do: { ...text('inside'), checked: true } }] },
  },
]);
const fresh = notion.page([]);
const raced = notion.page([{ type: 'paragraph', paragraph: text('Common ground') }]);
const long = notion.page(
  Array.from({ length: 130 }, (_, at) => ({ type: 'paragraph', paragraph: text(`Line ${at}`) })),
);
const moved = notion.page([{ type: 'paragraph', paragraph: text('As it was') }]);
const trashed = notion.page([]);
notion.trash(trashed);

const stored = new Map<string, string>();
const served = await startTestControl({
  yaml: `
egress: { allow_private: ["127.0.0.1"] }
notion:
  enabled: true
  api_url: ${notion.url}
  token: ${notion.token}
  poll_minutes: 0
  requests_per_second: ${perSecond}
  pages:
    - { page: "${notes}", file: notes.md }
    - { page: "${fresh}", file: deep/fresh.md }
    - { page: "${raced}", file: raced.md }
    - { page: "${moved}", file: moved.md }
    - { page: "${long}", file: long.md }
    - { page: "${trashed}", file: trashed.md }
limits: { heavy: { per_minute: 1000, cooldown_s: 0 } }`,
  secrets: { get: (name) => stored.get(name), set: async (name, value) => void stored.set(name, value) },
});
after(async () => {
  await served.close();
  await notion.close();
});

const base = '/api/v1/integrations/notion';
const state = async () => (await served.call<NotionState>('GET', base)).body;
const { directory } = await state();
const file = (name: string) => join(directory, name);
const sync = async (page: string) => {
  const { status, body } = await served.call<NotionSync>('POST', `${base}/sync`, { body: { page } });
  assert.equal(status, 200, JSON.stringify(body));
  return body.pages[0]?.outcome;
};
const conflicts = async () =>
  (await served.call<{ conflicts: NotionConflict[] }>('GET', `${base}/conflicts`)).body.conflicts;
const resolve = (id: string, keep: string) =>
  served.call<NotionSync['pages'][number] & ErrorEnvelope>('POST', `${base}/conflicts/${id}/resolve`, {
    body: { keep },
  });

test('a page becomes a file, an edit of the file becomes blocks, and what is alike stays the same block', async () => {
  assert.equal(await sync(notes), 'pulled');
  const written = await readFile(file('notes.md'), 'utf8');
  assert.match(
    written,
    /^# Plan\n\nFirst words\n\n<!-- notion:[0-9a-f]{32} image -->\n\n\+ More\n {4}- \[x\] inside\n$/,
  );
  assert.equal(await sync(notes), 'in_step');
  const before = notion.ids(notes);
  await writeFile(
    file('notes.md'),
    `Before all\n\n${written.replace('First words', 'Better **words**')}- a\n    - b\n`,
  );
  assert.equal(await sync(notes), 'pushed');
  assert.deepEqual(notion.texts(notes), [
    'Before all',
    'Plan',
    'Better words',
    '(image)',
    ['More', ['inside']],
    ['a', ['b']],
  ]);
  const stayed = new Set(notion.ids(notes));
  assert.deepEqual(
    before.map((id) => stayed.has(id)),
    [false, false, true, true],
  );
  assert.equal(await sync(notes), 'in_step');
});

test('a file that is new here fills an empty page, and one that is deleted comes back', async () => {
  assert.equal(await sync(fresh), 'in_step');
  await mkdir(file('deep'), { recursive: true });
  await writeFile(file('deep/fresh.md'), '## Made here\n\n1. one\n2. two\n');
  assert.equal(await sync(fresh), 'pushed');
  assert.deepEqual(notion.texts(fresh), ['Made here', 'one', 'two']);
  await rm(file('deep/fresh.md'));
  assert.equal(await sync(fresh), 'pulled');
  assert.match(await readFile(file('deep/fresh.md'), 'utf8'), /Made here/);
});

test('what changed in both places is overwritten in neither, is told once with both versions, and a person chooses', async () => {
  assert.equal(await sync(raced), 'pulled');
  await writeFile(file('raced.md'), 'Common ground\n\nMine\n');
  notion.type(raced, 'Theirs');
  assert.equal(await sync(raced), 'conflict');
  assert.equal(await sync(raced), 'conflict');
  assert.equal(await readFile(file('raced.md'), 'utf8'), 'Common ground\n\nMine\n');
  assert.deepEqual(notion.texts(raced), ['Common ground', 'Theirs']);
  const [found, ...more] = await conflicts();
  assert.deepEqual(more, []);
  assert.deepEqual([found?.local, found?.remote], ['Common ground\n\nMine\n', 'Common ground\n\nTheirs\n']);
  const alerts = await served.control.events.read({ afterSeq: 0, limit: 100, types: ['alert.raised'] });
  assert.equal(alerts.filter(({ subject }) => subject === `notion:${raced}`).length, 1);

  notion.type(raced, 'And more');
  const stale = await resolve(found?.id ?? '', 'local');
  assert.deepEqual([stale.status, stale.body.code], [409, 'notion_conflict_changed']);
  assert.deepEqual(notion.texts(raced), ['Common ground', 'Theirs', 'And more']);
  const [current] = await conflicts();
  assert.match(current?.remote ?? '', /And more/);
  const both = await resolve(current?.id ?? '', 'both');
  assert.equal(both.status, 200, JSON.stringify(both.body));
  assert.match(await readFile(file('raced.md'), 'utf8'), /Theirs\n\nAnd more/);
  const beside = (await readdir(directory)).find((name) => name.startsWith('raced.local-')) ?? '';
  assert.match(await readFile(file(beside), 'utf8'), /Mine/);
  assert.deepEqual(await conflicts(), []);
  assert.equal(await sync(raced), 'in_step');
});

test('what one folder has seen says nothing of another: an older copy there is no edit, and is never pushed', async () => {
  const turn = (to: string) =>
    served.call('PATCH', '/api/v1/config', { body: { patch: [{ path: 'notion.directory', value: to }] } });
  assert.equal(await sync(moved), 'pulled');
  const older = await readFile(file('moved.md'), 'utf8');
  notion.type(moved, 'And newer');
  assert.equal(await sync(moved), 'pulled');
  const elsewhere = `${directory}-elsewhere`;
  await mkdir(elsewhere);
  await writeFile(join(elsewhere, 'moved.md'), older);
  assert.equal((await turn(elsewhere)).status, 200);
  await until('the other folder', async () => (await state()).directory === elsewhere);
  assert.equal(await sync(moved), 'conflict');
  assert.deepEqual(notion.texts(moved), ['As it was', 'And newer']);
  const found = (await conflicts()).find(({ page }) => page === moved);
  assert.equal((await resolve(found?.id ?? '', 'remote')).body.outcome, 'pulled');
  assert.equal(await sync(moved), 'in_step');
  await turn(directory);
  await until('the folder of before', async () => (await state()).directory === directory);
  assert.equal(await sync(moved), 'in_step');
});

test('Notion’s limits hold: pages in parts of a hundred, long texts in pieces, no more requests a second than allowed, Retry-After obeyed', async () => {
  notion.busyFor(1);
  assert.equal(await sync(long), 'pulled');
  assert.equal(notion.refused429, 1);
  const lines = (await readFile(file('long.md'), 'utf8')).split('\n\n');
  assert.equal(lines.length, 130);
  await writeFile(file('long.md'), `Line 0\n\n${'word '.repeat(1000)}\n\n${lines.slice(1).join('\n\n')}`);
  assert.equal(await sync(long), 'pushed');
  assert.equal(String(notion.texts(long)[1]).length, 4999);
  assert.equal(notion.texts(long).length, 131);
  assert.equal(notion.refused429, 1);
});

test('a page that is gone, and a token that is refused, are told and change nothing', async () => {
  assert.equal(await sync(trashed), 'failed');
  const { pages } = await state();
  const told = pages.find(({ page }) => page === trashed);
  assert.match(told?.note ?? '', /trash/);
  const unknown = await served.call('POST', `${base}/sync`, { body: { page: '0'.repeat(32) } });
  assert.deepEqual([unknown.status, unknown.body.code], [404, 'notion_page_unknown']);
});

const deliver = async (body: string, key: string | null, more: Record<string, string> = {}) => {
  const response = await fetch(served.url + base + '/webhook', {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      ...(key === null
        ? {}
        : { 'x-notion-signature': `sha256=${createHmac('sha256', key).update(body).digest('hex')}` }),
      ...more,
    },
  });
  return { status: response.status, body: (await response.json()) as NotionWebhookReply & ErrorEnvelope };
};
const event = (id: string, page: string, at = Date.now()) =>
  JSON.stringify({
    id,
    timestamp: new Date(at).toISOString(),
    type: 'page.content_updated',
    entity: { id: page, type: 'page' },
    emoji: '🗼',
  });

test('the webhook’s key is taken only while a person waits for it, once, and is shown once', async () => {
  const key = 'secret_of_the_subscription_1';
  const handshake = JSON.stringify({ verification_token: key });
  assert.equal((await deliver(handshake, null)).status, 401);
  await served.call('POST', `${base}/webhook/open`);
  assert.equal((await deliver(handshake, null)).body.status, 'verification_received');
  const other = JSON.stringify({ verification_token: 'secret_of_somebody_else' });
  assert.equal((await deliver(other, null)).status, 401);
  const shown = await served.call<{ verification_token: string }>('POST', `${base}/webhook/reveal`);
  assert.equal(shown.body.verification_token, key);
  assert.equal((await served.call('POST', `${base}/webhook/reveal`)).status, 404);
  assert.deepEqual([...stored.values()], [key]);
});

test('only what Notion signed is believed, by its bytes; nothing twice, nothing old', async () => {
  const key = [...stored.values()][0] ?? '';
  const body = event('evt-1', notes);
  assert.equal((await deliver(body, 'another key')).body.code, 'webhook_signature_invalid');
  assert.equal((await deliver(body, null)).body.code, 'webhook_signature_invalid');
  const signed = createHmac('sha256', key).update(body).digest('hex');
  const altered = await deliver(body.replace('🗼', '🗽'), null, { 'x-notion-signature': `sha256=${signed}` });
  assert.equal(altered.status, 401);
  const old = await deliver(event('evt-old', notes, Date.now() - 26 * 3_600_000), key);
  assert.deepEqual([old.status, old.body.code], [400, 'webhook_too_old']);
  notion.type(notes, 'Told by the webhook');
  assert.deepEqual((await deliver(body, key)).body, { status: 'received', conflicts: 0 });
  assert.equal((await deliver(body, key)).body.status, 'duplicate');
  await until('the page is in its file', async () =>
    (await readFile(file('notes.md'), 'utf8')).includes('Told by the webhook'),
  );
});

test('the token is in no answer and no event', async () => {
  const said = [
    JSON.stringify(await state()),
    JSON.stringify((await served.call('GET', '/api/v1/config')).body),
    JSON.stringify(await served.control.events.read({ afterSeq: 0, limit: 500 })),
  ].join('\n');
  assert.ok(!said.includes(notion.token));
  assert.ok(!said.includes('secret_of_the_subscription_1'));
});
