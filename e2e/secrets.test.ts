import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { secretsOf } from '../packages/server/src/app/secrets-of.ts';
import { driveAll, type Driven } from './secrets/drive.ts';
import { leaksIn, makeMarks } from './secrets/marks.ts';
import { askedOutputs, filesOf, follow, watchArguments, type Outputs } from './secrets/outputs.ts';
import { configOf, envName, startPeers, type Peers } from './secrets/peers.ts';
import { openServiceRig } from './services/rig.ts';

/*
 * Every service of one Vigiles is driven with marked secrets, with a peer that takes them and one that refuses and repeats what it
 * was sent; then everything that Vigiles wrote or said is searched for them, plain, in base64 and in hex. The only place where they may
 * be is the encrypted store, where they are found in no form.
 */
const marks = makeMarks();
const { rig, close } = openServiceRig();
let peers: Peers;
let driven: Driven;
let outputs: Outputs;
const secrets = new Map<string, string>(Object.entries(marks));

before(async () => {
  let base = '';
  peers = await startPeers(marks, () => base);
  rig.later(() => peers.close());
  const home = rig.folder();
  const store = secretsOf({ home, env: {} });
  await store.set('plugin', marks['plugin secret']);
  await store.set('notion', peers.notion.token);
  const env = Object.fromEntries(Object.entries(marks).map(([name, value]) => [envName(name), value]));
  const seen = watchArguments();
  rig.later(() => seen.stop());
  const vigiles = await rig.start({
    home,
    config: configOf(peers),
    env: { ...env, OIDC_SECRET: peers.oidc.clientSecret },
  });
  base = vigiles.url;
  const live = await follow(vigiles, '/api/v1/events/stream?after_seq=0');
  driven = await driveAll(rig, vigiles, peers, marks);
  for (const [name, value] of driven.tokens) secrets.set(name, value);
  outputs = await askedOutputs(vigiles, driven);
  outputs.set('live stream', [await live.stop()]);
  outputs.set('arguments of processes', seen.stop());
  await vigiles.stop();
  outputs.set('what it wrote to its outputs', [vigiles.output()]);
  for (const [path, text] of filesOf(home)) outputs.set(`file ${path}`, [text]);
  for (const [path, text] of filesOf(peers.drive)) outputs.set(`backup ${path}`, [text]);
});
after(close);

test('no marked secret stands in any output of any service, whether the peer took it or refused it', () => {
  assert.ok(secrets.size > 24, [...secrets.keys()].join(', '));
  assert.deepEqual(leaksIn(secrets, outputs), []);
});

test('every output that is searched holds what was done', () => {
  const text = (name: string): string => {
    const texts = outputs.get(name) ?? [];
    assert.ok(texts.length > 0, `${name}: nothing to search`);
    return texts.join('\n');
  };
  // Each with words that are there only if the failures arrived in it.
  const words: Record<string, RegExp> = {
    'answers to what was driven': /turn to bad → 4\d\d.*mail_|success":false/s,
    'GET routes': /\/api\/v1\/backups\/bad-dav\/files\?/,
    'event log': /notification|oauth/,
    audit: /plugin\.install/,
    configuration: /SMTP_PASSWORD/,
    'notification export': /by an agent/,
    'incident export': /queue/,
    'session export': /the key is \[redacted\]/,
    'plugin output': /out /,
    logs: /./,
    metrics: /vigiles_/,
    'live stream': /data: /,
    'arguments of processes': /gateway-main/,
    'what it wrote to its outputs': /Vigiles is running/,
  };
  for (const [name, word] of Object.entries(words)) assert.match(text(name), word, name);
  assert.ok((outputs.get('GET routes') ?? []).filter((line) => / → 200 /.test(line)).length > 80);
  const files = [...outputs.keys()].filter((name) => name.startsWith('file '));
  for (const wanted of [/\.db$|\.sqlite$/, /secrets\.enc$/, /logs\/gateway/, /logs\/(?!gateway)/])
    assert.ok(
      files.some((name) => wanted.test(name)),
      `${String(wanted)} is not among ${files.join(', ')}`,
    );
  assert.ok([...outputs.keys()].some((name) => name.startsWith('backup ')));
  assert.ok(existsSync(peers.drive));
});

test('a secret that stands in an output is found in whatever form it stands there', () => {
  const secret = 'p"w/+ 0123456789abcdef0123456789ab';
  const forms = [
    secret,
    JSON.stringify(secret),
    encodeURIComponent(secret),
    Buffer.from(`me:${secret}`).toString('base64'),
    Buffer.from(`x-access-token:${secret}`).toString('base64url'),
    Buffer.from(secret).toString('hex'),
  ];
  for (const form of forms) {
    const found = leaksIn(new Map([['it', secret]]), new Map([['log', [`before ${form} after`]]]));
    assert.equal(found.length, 1, form);
  }
});
