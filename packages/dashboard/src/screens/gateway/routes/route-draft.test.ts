import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RouteConfig } from '@vigiles/contract';
import {
  conditionsOf,
  draftOf,
  draftProblems,
  moved,
  newCandidate,
  routeEdits,
  routeValue,
} from './route-draft.ts';

const route = RouteConfig.parse({
  model: 'coder*',
  strategy: 'weighted',
  candidates: [
    { provider: 'home', model: 'qwen' },
    { provider: 'away', weight: 3, when: { tags: ['burst'], max_input_tokens: 9000 } },
    { provider: 'third', when: { time: [{ from: '08:00', to: '18:00' }] } },
  ],
});
const at = (...path: (string | number)[]) => ['gateway', 'routes', 4, ...path];

test('nothing touched, nothing written', () => {
  assert.deepEqual(routeEdits(draftOf(route), route, 4), []);
});

test('a field that was touched is the only one that is written', () => {
  const draft = draftOf(route);
  const [home, away, third] = draft.candidates;
  assert.ok(home && away && third);
  draft.candidates = [
    { ...home, model: '' },
    { ...away, weight: '5', when: { ...away.when, tags: 'burst, night', max_input_tokens: '' } },
    third,
  ];
  assert.deepEqual(routeEdits({ ...draft, policy: false }, route, 4), [
    { path: at('policy'), value: false },
    { path: at('candidates', 0, 'model'), value: null },
    { path: at('candidates', 1, 'weight'), value: 5 },
    { path: at('candidates', 1, 'when', 'tags'), value: ['burst', 'night'] },
    { path: at('candidates', 1, 'when', 'max_input_tokens'), value: null },
  ]);
});

test('entries move instead of being written anew', () => {
  const draft = draftOf(route);
  assert.deepEqual(routeEdits({ ...draft, candidates: moved(draft.candidates, 2, 0) }, route, 4), [
    { path: at('candidates', 2), move_to: 0 },
  ]);
});

test('taking out, adding, moving and changing at once end in the order of the form', () => {
  const draft = draftOf(route);
  const [home, away, third] = draft.candidates;
  assert.ok(home && away && third);
  const candidates = [third, newCandidate(-1, 'new'), { ...home, provider: 'house' }];
  const edits = routeEdits({ ...draft, candidates }, route, 4);
  const list: unknown[] = ['home', 'away', 'third'];
  for (const { path, value, move_to: to } of edits) {
    const place = Number(path[4]);
    if (path.length > 5) continue;
    if (to !== undefined) list.splice(to, 0, ...list.splice(place, 1));
    else if (value === null) list.splice(place, 1);
    else list[place] = (value as { provider: string }).provider;
  }
  assert.deepEqual(list, ['third', 'new', 'home']);
  assert.deepEqual(edits.at(-1), { path: at('candidates', 2, 'provider'), value: 'house' });
});

test('the short form becomes the long one when a second place is added', () => {
  const short = RouteConfig.parse({ model: 'a', provider: 'one', upstream_model: 'b' });
  const draft = draftOf(short);
  assert.deepEqual(routeEdits(draft, short, 4), []);
  draft.candidates.push(newCandidate(-1, 'two'));
  assert.deepEqual(routeEdits(draft, short, 4), [
    { path: at('provider'), value: null },
    { path: at('upstream_model'), value: null },
    { path: at('candidates'), value: [{ provider: 'one', model: 'b' }, { provider: 'two' }] },
  ]);
});

test('what the form makes of a route says the same, times of day included', () => {
  assert.deepEqual(RouteConfig.parse(routeValue(draftOf(route), route)), route);
});

test('what is missing is told at its field', () => {
  const draft = { ...draftOf(null), candidates: [{ ...newCandidate(-1), weight: 'much' }] };
  assert.deepEqual(
    [...draftProblems(draft).keys()],
    ['model', 'candidates.0.provider', 'candidates.0.weight'],
  );
});

test('conditions are told in a few words', () => {
  const said = route.candidates.map(({ when }) => conditionsOf(when));
  assert.deepEqual(said, [[], ['tag burst', 'up to 9,000 tokens'], ['08:00–18:00']]);
});
