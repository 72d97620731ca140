import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { fitCallId } from './call-ids.ts';

const RULES = {
  anthropic: /^[a-zA-Z0-9_-]{1,64}$/,
  openai: /^[\s\S]{1,64}$/u,
  mistral: /^[a-zA-Z0-9]{9}$/,
} as const;

test('an id that keeps the rule stays as it is', () => {
  assert.equal(fitCallId('toolu_01A-b', 'anthropic'), 'toolu_01A-b');
  assert.equal(fitCallId('functions.Bash:0', 'openai'), 'functions.Bash:0');
  assert.equal(fitCallId('D681PevKs', 'mistral'), 'D681PevKs');
});

// maximhq/bifrost#5097
test('the id functions.Bash:0 no longer poisons Anthropic turns', () => {
  const fitted = fitCallId('functions.Bash:0', 'anthropic');
  assert.match(fitted, RULES.anthropic);
  assert.notEqual(fitted, fitCallId('functions_Bash_0', 'anthropic'));
});

test('any id fits every rule, the same way each time, and different ids stay different', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 120 }), fc.string({ maxLength: 120 }), (one, two) => {
      for (const rule of ['anthropic', 'openai', 'mistral'] as const) {
        const fitted = fitCallId(one, rule);
        assert.match(fitted, RULES[rule]);
        assert.equal(fitCallId(one, rule), fitted);
        assert.equal(fitCallId(two, rule) === fitted, one === two);
      }
    }),
  );
});
