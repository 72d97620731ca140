import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { customToolAsFunction, unwrapCustomInput, wrapCustomInput } from './custom-input.ts';

const PATCH = '*** Begin Patch\n*** Update File: a.ts\n@@\n-a "q"\n+b\\n\n*** End Patch';

test('wrapped text comes back byte for byte', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(unwrapCustomInput(wrapCustomInput(text)), text);
    }),
  );
});

test('an empty text stays empty', () => {
  assert.equal(unwrapCustomInput('{"input":""}'), '');
  assert.equal(unwrapCustomInput(''), '');
});

// router-for-me/CLIProxyAPI#5753
test('apply_patch is a bare patch whatever a model wraps it in', () => {
  const forms = [
    PATCH,
    JSON.stringify(PATCH),
    JSON.stringify({ input: PATCH }),
    JSON.stringify({ patch: PATCH }),
    JSON.stringify({ diff: PATCH }),
    JSON.stringify({ command: ['apply_patch', PATCH] }),
    JSON.stringify(['apply_patch', PATCH]),
    JSON.stringify({ input: `\`\`\`diff\n${PATCH}\n\`\`\`` }),
    JSON.stringify({ input: `apply_patch <<'EOF'\n${PATCH}\nEOF\n` }),
    JSON.stringify({ cmd: `cat <<"PATCH" | apply_patch\n${PATCH}\nPATCH` }),
    `\`\`\`\n${PATCH}\n\`\`\``,
    `Here it is:\n${PATCH}\nDone.`,
  ];
  for (const form of forms) assert.equal(unwrapCustomInput(form, 'apply_patch'), PATCH, form);
});

test('real line breaks inside a JSON string are tolerated', () => {
  assert.equal(unwrapCustomInput('{"input":"a\nb"}'), 'a\nb');
});

test('a patch that was cut keeps no made-up end', () => {
  const cut = PATCH.slice(0, -20);
  assert.equal(unwrapCustomInput(JSON.stringify({ input: cut }), 'apply_patch'), cut);
});

test('code is taken out of its fence for exec and for raw answers, and left alone elsewhere', () => {
  const fenced = '```js\nlet a = 1;\n```';
  assert.equal(unwrapCustomInput(JSON.stringify({ code: fenced }), 'exec'), 'let a = 1;');
  assert.equal(unwrapCustomInput(fenced, 'notes'), 'let a = 1;');
  assert.equal(unwrapCustomInput(JSON.stringify({ input: fenced }), 'notes'), fenced);
});

test('text that only looks like JSON stays text', () => {
  for (const text of ['{ not json', '[1, 2', '{"a":1,"b":"x"}', '{}', '[1]'])
    assert.equal(unwrapCustomInput(text), text);
});

test('the function for a custom tool has one string and tells the grammar', () => {
  const made = customToolAsFunction({
    kind: 'custom',
    name: 'apply_patch',
    namespace: 'functions',
    description: 'Edits files.',
    format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' },
  });
  assert.deepEqual(made.parameters.required, ['input']);
  assert.equal(made.namespace, 'functions');
  assert.match(made.description ?? '', /^Edits files\.[\s\S]*lark grammar:\nstart: "x"$/);
});
