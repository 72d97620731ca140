import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProviderConfig } from '@vigiles/contract';
import { draftOf, draftProblems, fieldsOf, providerEdits } from './provider-draft.ts';

const openai = ProviderConfig.parse({
  id: 'openai',
  type: 'openai',
  api_key: '${secret:openai}',
  models: ['gpt-6'],
  headers: { 'x-team': 'a' },
});
const before = draftOf(openai);
const edited = (fields: Record<string, string>) => ({ ...before, fields: { ...before.fields, ...fields } });

test('only what was touched is written, and emptied fields are taken out', () => {
  assert.deepEqual(providerEdits(before, before, 2, 3), []);
  const draft = {
    ...edited({ models: 'gpt-6\n gpt-6-mini \n', headers: '', base_url: 'https://x' }),
    enabled: false,
  };
  assert.deepEqual(providerEdits(draft, before, 2, 3), [
    { path: ['gateway', 'providers', 2, 'enabled'], value: false },
    { path: ['gateway', 'providers', 2, 'base_url'], value: 'https://x' },
    { path: ['gateway', 'providers', 2, 'models'], value: ['gpt-6', 'gpt-6-mini'] },
    { path: ['gateway', 'providers', 2, 'headers'], value: null },
  ]);
});

test('a new provider is one entry with what was filled in', () => {
  const fresh = draftOf(null);
  const draft = {
    ...fresh,
    id: 'aws',
    type: 'bedrock',
    fields: { ...fresh.fields, region: 'eu-central-1', 'aws.access_key_id': '${env:A}', headers: 'x-a: b:c' },
  };
  const value = {
    id: 'aws',
    type: 'bedrock',
    region: 'eu-central-1',
    aws: { access_key_id: '${env:A}' },
    headers: { 'x-a': 'b:c' },
  };
  assert.deepEqual(providerEdits(draft, null, 0, 2), [{ path: ['gateway', 'providers', 2], value }]);
  assert.deepEqual(providerEdits(draft, null, 0, 0), [{ path: ['gateway', 'providers'], value: [value] }]);
});

test('a key that is no reference is refused in the form', () => {
  const found = draftProblems(edited({ api_key: 'sk-real-key' }), before, []);
  assert.match(found.get('api_key') ?? '', /not the secret itself/);
  assert.equal(draftProblems(edited({ api_key: '${env:OPENAI}' }), before, []).size, 0);
  // What the file holds and the server blotted out is left alone.
  const blotted = draftOf({ ...openai, api_key: '[redacted]' });
  assert.equal(draftProblems(blotted, blotted, []).size, 0);
});

test('a name is well formed and taken once', () => {
  assert.match(draftProblems({ ...before, id: 'Open AI' }, before, []).get('id') ?? '', /Lower-case/);
  assert.match(
    draftProblems({ ...before, id: 'two' }, before, ['two']).get('id') ?? '',
    /one with this name/,
  );
  assert.equal(draftProblems(before, before, ['openai']).size, 0);
});

test('fields of other types are not shown, unless they are filled in', () => {
  const paths = (draft: typeof before) => fieldsOf(undefined, draft).map(({ path }) => path);
  assert.ok(!paths(before).includes('region'));
  assert.ok(paths(edited({ region: 'eu' })).includes('region'));
  assert.ok(paths({ ...before, type: 'bedrock' }).includes('aws.access_key_id'));
});
