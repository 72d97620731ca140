import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { ToolDefinition, TurnEvent } from '../canonical/index.ts';
import { corpusTools } from './corpus/tools.ts';
import { negatives } from './corpus/negatives.ts';
import { positives } from './corpus/positives.ts';
import { RecoveryState } from './recovery-state.ts';
import { recoverEvents, recoverText, textEvents } from './recover-text.test-support.ts';

const CALL = '<tool_call>{"name": "read_file", "arguments": {"path": "a.txt"}}</tool_call>';
const corpus = [...positives, ...negatives];

test('without declared tools nothing is parsed', () => {
  const given = textEvents([CALL]);
  assert.deepEqual(recoverEvents(given, []).events, given);
  const hosted: ToolDefinition = { kind: 'hosted', name: 'read_file', protocol: 'openai-responses', raw: {} };
  assert.deepEqual(recoverEvents(given, [hosted]).events, given);
});

test('a call written as text becomes a call, and the turn ends with tool calls', () => {
  const { text, calls, finish, recovery } = recoverText(`Let me look.\n${CALL}`);
  assert.equal(text, 'Let me look.\n');
  assert.deepEqual(calls, [{ name: 'read_file', kind: 'function', input: '{"path":"a.txt"}' }]);
  assert.equal(finish, 'tool-calls');
  assert.deepEqual(recovery.repairs(), [{ kind: 'text-call', tool: 'read_file', detail: 'hermes' }]);
});

test('blocks are numbered without gaps, and text goes on after a call as a new block', () => {
  const { events } = recoverText(`One.\n${CALL}\nTwo.`);
  const shape = events.flatMap((event) => ('index' in event ? [`${event.type} ${event.index}`] : []));
  assert.deepEqual(shape, [
    'text-start 0',
    'text-delta 0',
    'text-end 0',
    'tool-call-start 1',
    'tool-call-delta 1',
    'tool-call-end 1',
    'text-start 2',
    'text-delta 2',
    'text-end 2',
  ]);
});

test('a text that is nothing but a call leaves no empty text block', () => {
  const types = recoverText(CALL).events.map(({ type }) => type);
  assert.deepEqual(types, ['start', 'tool-call-start', 'tool-call-delta', 'tool-call-end', 'finish']);
});

test('any chunking of any case of the corpus gives the same result', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...corpus),
      fc.constantFrom(...corpus),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }),
      (one, two, sizes) => {
        const text = `${one.text}\n\n${two.text}`;
        const chunks: string[] = [];
        for (let at = 0, turn = 0; at < text.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          chunks.push(text.slice(at, at + size));
          at += size;
        }
        const whole = recoverText(text);
        const cut = recoverText(chunks);
        assert.equal(cut.text, whole.text);
        assert.deepEqual(cut.calls, whole.calls);
        assert.equal(cut.finish, whole.finish);
        assert.deepEqual(cut.recovery.repairs(), whole.recovery.repairs());
        assert.deepEqual(cut.recovery.faults(), whole.recovery.faults());
      },
    ),
    { numRuns: 1500 },
  );
});

test('any soup of markup is cut-independent, and what is no call is kept to the letter', () => {
  const shreds = fc.constantFrom(
    '<tool_call>',
    '</tool_call>',
    '{"name": "read_file", ',
    '"arguments": {"path": "a"}}',
    '\n',
    '```',
    '```json\n',
    '`',
    '<function=',
    'read_file',
    '>',
    '<parameter=path>',
    'x',
    '</parameter>',
    '</function>',
    '[TOOL_CALLS]',
    ' ',
    '<think>',
    '</think>',
    '<|python_tag|>',
    '<bash>ls</bash>',
    '[',
    ']',
    '{',
    '}',
    '"',
    '<invoke name="bash">',
    '. ',
    'For example:',
    'and',
    '<!--',
    '-->',
    '<pre>',
    '</pre>',
    '|',
    '~~~',
    '<｜DSML｜',
    'Action:',
    'functools[',
  );
  fc.assert(
    fc.property(fc.array(shreds, { maxLength: 24 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
      const text = parts.join('');
      const chunks = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
      const whole = recoverText(text);
      const cut = recoverText(chunks);
      assert.equal(cut.text, whole.text);
      assert.deepEqual(cut.calls, whole.calls);
      assert.deepEqual(cut.recovery.faults(), whole.recovery.faults());
      if (whole.calls.length === 0) assert.equal(whole.text, text);
    }),
    { numRuns: 3000 },
  );
});

test('clean text passes byte for byte, event for event, without a repair', () => {
  const chunks = [
    '# Title\n\nSome *text* with `code`',
    ', a[0] < b',
    ' and {x}.\n',
    '```js\nlet',
    ' a;\n```\nDone.',
  ];
  const given = textEvents(chunks);
  const { text, recovery, events } = recoverEvents(given);
  assert.equal(text, chunks.join(''));
  assert.deepEqual(recovery.repairs(), []);
  assert.deepEqual(recovery.faults(), []);
  assert.ok(events.filter(({ type }) => type === 'text-delta').length >= 4);
});

test('text before a call streams at once; only the ambiguous tail is held', () => {
  const states: string[] = [];
  let ids = 0;
  const given = textEvents([
    'Looking at it.\n<tool',
    '_call>{"na',
    'me": "read_file", "arguments": {"path": "a"}}',
  ]);
  let seen = '';
  const one = recoverEvents([]).recovery;
  for (const event of given) {
    for (const out of one.push(event)) if (out.type === 'text-delta') seen += out.text;
    states.push(seen);
    ids++;
  }
  assert.equal(ids, given.length);
  assert.equal(states[2], 'Looking at it.\n');
});

test('what is held is bounded, and is released as text', () => {
  const long = `<tool_call>{"name": "write_file", "arguments": {"path": "a", "content": "${'x'.repeat(5000)}`;
  const { text, calls } = recoverText([long, 'y'.repeat(5000)], corpusTools, 4096);
  assert.deepEqual(calls, []);
  assert.equal(text, `${long}${'y'.repeat(5000)}`);
});

test('a malformed sibling loses no valid one', () => {
  for (const text of [
    `<tool_call>{"name": "read_file", "arguments": {"path": "x</tool_call>\n${CALL}`,
    `<tool_call>{"name": oops}</tool_call>\n${CALL}`,
    `<tool_call>\n<tool_call>\n${CALL}`,
    `${CALL}\n<tool_call>{"name": "nobody", "arguments": {}}</tool_call>`,
    `<function_calls>\n<invoke name="bash"><parameter name="command">ls</invoke>\n<invoke name="read_file"><parameter name="path">a.txt</parameter></invoke>\n</function_calls>`,
    `<|tool_calls_section_begin|><|tool_call_begin|>functions.bash:0<|tool_call_argument_begin|>{oops<|tool_call_end|><|tool_call_begin|>functions.read_file:1<|tool_call_argument_begin|>{"path": "a.txt"}<|tool_call_end|><|tool_calls_section_end|>`,
  ]) {
    const { calls } = recoverText(text);
    assert.ok(
      calls.some(({ name, input }) => name === 'read_file' && input === '{"path":"a.txt"}'),
      text,
    );
  }
});

test('a megabyte of openers costs a bounded number of looks at each character', () => {
  const units = [
    '<tool_call',
    '<tool_call>',
    '<tool_call>{"name": ',
    '{"name": "read_file", ',
    '[{',
    '<bash>',
    '`',
  ];
  units.push('```json\n{"name": "read_file"', '[read_file(', '<invoke name="', '<|channel|>commentary ');
  units.push(
    '<function=read_file>\n<parameter=path>\n',
    '<tool_call>{"name": "read_file", "arguments": {"path": "',
  );
  const state = new RecoveryState({ tools: corpusTools, newId: (prefix) => prefix });
  for (const unit of units) {
    const size = unit === '<tool_call' ? 1 << 20 : 1 << 18;
    const text = unit.repeat(Math.ceil(size / unit.length));
    const scanner = state.scanner();
    const back = [...scanner.push(text), ...scanner.end()].map((piece) =>
      piece.type === 'text' ? piece.text : '',
    );
    assert.equal(back.join(''), text);
    assert.ok(scanner.work <= 12 * text.length, `${JSON.stringify(unit)}: ${scanner.work}`);
  }
});

test('markup inside an argument is part of it', () => {
  const content = 'text </parameter> more </tool_call> and <tool_call>{"name": "bash"}</tool_call>';
  const qwen = `<tool_call>\n<function=write_file>\n<parameter=path>\na.md\n</parameter>\n<parameter=content>\n${content}\n</parameter>\n</function>\n</tool_call>`;
  const hermes = `<tool_call>${JSON.stringify({ name: 'write_file', arguments: { path: 'a.md', content } })}</tool_call>`;
  for (const text of [qwen, hermes])
    assert.deepEqual(
      recoverText(text).calls.map(({ input }) => JSON.parse(input)),
      [{ path: 'a.md', content }],
    );
});

const native = (name: string, input: string, index = 1): TurnEvent[] => [
  { type: 'tool-call-start', index, kind: 'function', id: 'n1', name },
  { type: 'tool-call-delta', index, text: input },
  { type: 'tool-call-end', index, input },
];
const withText = (text: string, index = 0): TurnEvent[] => [
  { type: 'text-start', index },
  { type: 'text-delta', index, text },
  { type: 'text-end', index },
];

test('a call that is native and text as well is delivered once, whichever comes first', () => {
  const input = '{ "path": "a.txt" }';
  const finish: TurnEvent = { type: 'finish', reason: 'tool-calls' };
  for (const events of [
    [...withText(CALL), ...native('read_file', input), finish],
    [...native('read_file', input, 0), ...withText(CALL, 1), finish],
  ]) {
    const { calls, recovery, finish: reason } = recoverEvents(events);
    assert.equal(calls.length, 1);
    assert.equal(reason, 'tool-calls');
    assert.ok(recovery.repairs().some(({ kind }) => kind === 'duplicate-dropped'));
  }
});

test('two different calls, one native and one in the text, both arrive', () => {
  const { calls } = recoverEvents([...withText(CALL), ...native('read_file', '{"path":"b.txt"}')]);
  assert.equal(calls.length, 2);
});

test('a native call that is clean keeps its events as they were', () => {
  const given = [
    ...native('read_file', '{ "path": "a" }', 0),
    { type: 'finish', reason: 'tool-calls' } as TurnEvent,
  ];
  const { events, recovery } = recoverEvents(given);
  assert.deepEqual(events, given);
  assert.deepEqual(recovery.repairs(), []);
});

test('a native call is repaired, and each repair is recorded', () => {
  const { calls, recovery } = recoverEvents(
    native('Read-File', '{"filePath": "a", "line": "5"', 0).concat({ type: 'finish', reason: 'stop' }),
  );
  assert.deepEqual(calls, [{ name: 'read_file', kind: 'function', input: '{"path":"a","line":5}' }]);
  assert.deepEqual(
    recovery
      .repairs()
      .map(({ kind }) => kind)
      .toSorted(),
    ['argument-name', 'argument-type', 'closed-json', 'tool-name'],
  );
});

test('a native call cut by the length limit is not made whole', () => {
  const cut = '{"path": "a", "content": "half a fi';
  const { calls } = recoverEvents([...native('write_file', cut, 0), { type: 'finish', reason: 'length' }]);
  assert.equal(calls[0]?.input, cut);
});

const thinking = (text: string): TurnEvent[] => [
  { type: 'reasoning-start', index: 0 },
  { type: 'reasoning-delta', index: 0, channel: 'text', part: 0, text },
  { type: 'reasoning-end', index: 0 },
];

test('a call at the end of the thinking counts when the answer says nothing else', () => {
  const stop: TurnEvent = { type: 'finish', reason: 'stop' };
  const alone = recoverEvents([...thinking(`I need the file.\n${CALL}`), stop]);
  assert.equal(alone.calls.length, 1);
  assert.equal(alone.finish, 'tool-calls');
  assert.ok(alone.recovery.repairs().some(({ kind }) => kind === 'thinking-call'));
  const answered = withText('It is 42.', 1);
  assert.deepEqual(recoverEvents([...thinking(CALL), ...answered, stop]).calls, []);
  assert.deepEqual(recoverEvents([...thinking(`${CALL}\nWait, no.`), stop]).calls, []);
  assert.equal(recoverText(`<think>I need it.\n${CALL}\n</think>\n`).calls.length, 1);
});

test('a stream that breaks makes nothing half-read into a call', () => {
  const error: TurnEvent = { type: 'error', error: { kind: 'server', message: 'cut', source: 'upstream' } };
  const half = CALL.slice(0, -14);
  const { calls, text } = recoverEvents([...withText(`Now.\n${half}`).slice(0, 2), error]);
  assert.deepEqual(calls, []);
  assert.equal(text, `Now.\n${half}`);
  const types = recoverEvents([...withText(half).slice(0, 2), error]).events.map(({ type }) => type);
  assert.deepEqual(types, ['error']);
});

test('the faults of the catalogue are told', () => {
  const faults = (text: string): string[] =>
    recoverText(text)
      .recovery.faults()
      .map(({ fault }) => fault);
  assert.deepEqual(faults('<explore_agent />'), ['C1', 'C3']);
  assert.deepEqual(faults('<require_escalation>please</require_escalation>'), ['C2', 'C3']);
  assert.deepEqual(faults('<tool_call>gibberish</tool_call>'), ['C3']);
  assert.deepEqual(
    faults('<tool_call>{"name": "bash", "arguments": {"command": "{\\"command\\": \\"ls\\"}"}}</tool_call>'),
    ['C4'],
  );
  assert.deepEqual(
    faults(`<tool_call>{"name": "bash", "arguments": {"command": "{/'cmd/': /'ls/'}"}}</tool_call>`),
    ['C5'],
  );
  assert.deepEqual(faults('<tool_call>{"name": "bash", "arguments": {"command": ""}}</tool_call>'), ['C6']);
  assert.deepEqual(faults('I will run it.\n{'), ['C7']);
  assert.deepEqual(faults('<bash>\nsandbox: read-only\n</bash>'), ['C8', 'C3']);
  assert.deepEqual(
    faults(
      '<｜DSML｜invoke name="bash"><｜DSML｜parameter name="cmd" string="true">ls</｜DSML｜parameter></｜DSML｜invoke>',
    ),
    ['C9'],
  );
});

test('tool_choice none parses nothing; a choice of one tool recovers that one only', async () => {
  const { createToolCallRecovery } = await import('./create-recovery.ts');
  for (const toolChoice of [{ type: 'none' }, { type: 'tool', tool: { name: 'bash' } }] as const) {
    const recovery = createToolCallRecovery({ tools: corpusTools, toolChoice, newId: (prefix) => prefix });
    const types = textEvents([CALL])
      .flatMap((event) => recovery.push(event))
      .map(({ type }) => type);
    assert.ok(!types.includes('tool-call-start'));
  }
});
