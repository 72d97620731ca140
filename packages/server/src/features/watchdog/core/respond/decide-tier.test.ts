import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { oneStep, remediesOf, remedyOf } from '../learn/remedy.ts';
import { decideTier, type Rule, type TierFacts } from './decide-tier.ts';

const restart = oneStep('restart_service');
const swap = oneStep('switch_provider');
const alert = oneStep('alert_user', { kind: 'bad_key' });

const rule = (more: Partial<Rule> = {}): Rule => ({
  name: 'A1',
  title: 'Rule',
  detail: 'why',
  remedies: [restart],
  tries: 2,
  escalateTo: 'person',
  advice: 'Look at it.',
  handsOff: false,
  ...more,
});

const decide = (more: Partial<TierFacts>) =>
  decideTier({
    rule: null,
    tried: [],
    exhausted: false,
    learned: [],
    ai: { ready: false, why: 'It is switched off' },
    asked: false,
    noted: false,
    ...more,
  });

const failed = (remedy: string, tier = 1) => ({ tier, remedy, outcome: 'not_fixed' as const });
const ready = { ready: true, why: '' };
const known = { remedy: swap, why: 'it helped' };

describe('the tier that decides', () => {
  it('is the rule first, whatever was learned and whoever could be asked', () => {
    const decision = decide({ rule: rule(), learned: [known], ai: ready });
    assert.equal(decision.kind === 'apply' && decision.tier, 1);
  });

  it('tries a rule as often as it says, then what was learned, then the model, then a person', () => {
    const ask = rule({ escalateTo: 'ai' });
    const tried = [failed(restart.id)];
    assert.equal(decide({ rule: ask, tried }).kind, 'apply');
    tried.push(failed(restart.id));
    const second = decide({ rule: ask, tried, learned: [known], ai: ready });
    assert.equal(second.kind === 'apply' && second.tier, 2);
    tried.push(failed(swap.id, 2));
    assert.equal(decide({ rule: ask, tried, learned: [known], ai: ready }).kind, 'ask');
    const last = decide({ rule: ask, tried, learned: [known], ai: ready, asked: true });
    assert.equal(last.kind, 'person');
    assert.equal(last.kind === 'person' && last.detail, 'Look at it.');
  });

  it('tries every remedy of a rule, one after the other', () => {
    const two = rule({ remedies: [restart, swap], tries: 1 });
    const second = decide({ rule: two, tried: [failed(restart.id)] });
    assert.equal(second.kind === 'apply' && second.remedy.id, swap.id);
  });

  it('asks no model where the rule wants a person, or where it was asked already', () => {
    const tried = [failed(restart.id), failed(restart.id)];
    assert.equal(decide({ rule: rule(), tried, ai: ready }).kind, 'person');
    assert.equal(decide({ ai: ready, asked: true }).kind, 'person');
  });

  it('asks the model about what no rule and no experience knows', () => {
    assert.equal(decide({ ai: ready }).kind, 'ask');
    assert.equal(decide({}).kind, 'person');
  });

  it('does nothing by itself where a person wants that', () => {
    const off = rule({ remedies: [], handsOff: true });
    assert.equal(decide({ rule: off, learned: [known], ai: ready }).kind, 'person');
  });

  it('tells a person once and then watches', () => {
    const tells = rule({ remedies: [alert] });
    assert.equal(decide({ rule: tells }).kind, 'apply');
    const tried = [{ tier: 1, remedy: alert.id, outcome: 'unknown' as const }];
    assert.equal(decide({ rule: tells, tried, ai: ready }).kind, 'watch');
  });

  it('never applies what did not help in the same incident', () => {
    const decision = decide({ tried: [failed(swap.id, 2)], learned: [known] });
    assert.equal(decision.kind, 'person');
  });

  it('calls nobody for what is only noted', () => {
    assert.equal(decide({ noted: true, ai: ready }).kind, 'watch');
  });

  it('leaves the rules when the guards have stopped them', () => {
    assert.equal(decide({ rule: rule({ tries: Infinity }), exhausted: true }).kind, 'person');
  });
});

describe('remedies of a catalogue entry', () => {
  const step = (action: string, next: 'always' | 'not_fixed' = 'not_fixed', more: object = {}) => ({
    action,
    params: {},
    next,
    for: [],
    ...more,
  });

  it('join what is done in any case, and leave out what is for other targets', () => {
    const steps = [
      step('kill_stale_processes', 'always'),
      step('restart_service'),
      step('switch_provider', 'not_fixed', { for: ['provider'] }),
      step('alert_user'),
    ];
    const ids = remediesOf(steps, 'service').map((one) => one.steps.map(({ action }) => action));
    assert.deepEqual(ids, [['kill_stale_processes', 'restart_service'], ['alert_user']]);
  });

  it('have the same id whatever the order of their parameters', () => {
    const a = remedyOf([{ action: 'x', params: { a: 1, b: { c: 2, d: 3 } }, target: null }]);
    const b = remedyOf([{ action: 'x', params: { b: { d: 3, c: 2 }, a: 1 }, target: null }]);
    assert.equal(a.id, b.id);
  });
});
