import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VigilesConfig } from '@vigiles/contract';
import { z } from 'zod';
import {
  blankOf,
  formOf,
  formsOf,
  kindOf,
  leavesOf,
  matches,
  nameOf,
  unitOf,
  variantOf,
  type Node,
} from './schema-tree.ts';

const schema = z.toJSONSchema(VigilesConfig, { target: 'draft-2020-12', io: 'input' }) as Node;

test('every setting of the configuration has a control of its own, besides what is written as JSON by nature', () => {
  const byHand: string[] = [];
  const walk = (node: Node, path: string): void => {
    const kind = kindOf(node);
    if (node.const === undefined && kind === 'other') byHand.push(path);
    for (const [key, child] of Object.entries(node.properties ?? {})) walk(child, `${path}.${key}`);
    for (const form of node.oneOf ?? []) walk(form, path);
    if (kind === 'entries' && node.items) walk(formOf(node.items, {}), `${path}.*`);
    if (kind === 'named_entries' && typeof node.additionalProperties === 'object')
      walk(node.additionalProperties, `${path}.*`);
  };
  walk(schema, '');
  // Predicates on JSON, bodies that are anything by nature, and examples that are a line or steps: written as JSON.
  assert.deepEqual(
    byHand.filter((path) => !/\.(?:expect|is|json|body|options|params|extra|examples)\b/.test(path)),
    [],
  );
});

test('units are read from names, and names without them', () => {
  assert.equal(unitOf('keep_events_days'), 'days');
  assert.equal(nameOf('keep_events_days'), 'Keep events');
  assert.equal(unitOf('days'), null);
});

test('a setting is found by its path, its name and what is said of it', () => {
  const found = (typed: string): string[] =>
    leavesOf(schema)
      .filter((leaf) => matches(leaf, typed))
      .map(({ path }) => path.join('.'));
  assert.ok(found('server port').includes('server.port'));
  assert.ok(found('loopback').includes('server.host'));
});

test('a new entry begins with what tells its form and what has to be said', () => {
  const channels = leavesOf(schema).find(({ path }) => path.join('.') === 'notifications.channels');
  const form = formOf(channels?.node.items ?? {}, { type: 'slack' });
  assert.equal(blankOf(form)['type'], 'slack');
  assert.equal(blankOf(form)['name'], '');
});

test('what has one of several forms is chosen by its word, and keeps what both forms have', () => {
  const transport = leavesOf(schema).find(({ path }) => path.join('.') === 'mail.transport')?.node ?? {};
  assert.equal(kindOf(transport), 'variants');
  const forms = formsOf(transport);
  assert.deepEqual(
    forms.map(({ word }) => word),
    ['smtp', 'gmail'],
  );
  const [smtp, gmail] = forms.map(({ form }) => form);
  assert.ok(smtp && gmail);
  assert.deepEqual(variantOf(smtp, undefined), { type: 'smtp', host: '' });
  const back = variantOf(smtp, { type: 'gmail', user: 'me', host: 'smtp.gmail.com', port: 465 });
  assert.deepEqual(back, { type: 'smtp', host: 'smtp.gmail.com' });
  assert.deepEqual(variantOf(gmail, { type: 'smtp', host: 'a', port: 25, username: 'me', security: 'odd' }), {
    type: 'gmail',
    user: '',
    client_id: '',
    client_secret: '',
    refresh_token: '',
  });
});
