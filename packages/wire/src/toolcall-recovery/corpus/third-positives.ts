import type { CorpusCase, MeantCall } from './case.ts';

const ORDER: MeantCall = { name: 'lookup_order', args: { order_id: 4711, verbose: true } };
const GREP: MeantCall = { name: 'grep', args: { pattern: 'fix(me|it)\\b', path: 'src', max_results: 5 } };
const WORD: MeantCall = { name: 'grep', args: { pattern: 'socket' } };
const SHELL: MeantCall = { name: 'bash', args: { command: 'npm test -- --grep "a b" 2>&1 | tail -5' } };
const EVENT: MeantCall = {
  name: 'create_event',
  args: { title: 'Städtetag', start: '2026-12-01T09:00', attendees: ['Ann', 'Bo'] },
};
const SWAP: MeantCall = {
  name: 'replace_in_file',
  args: { file_path: 'a.py', old_string: 'if x:\n    y()', new_string: 'if not x:\n    y("<z>")' },
};
const TODO: MeantCall = { name: 'todo_write', args: { todos: [{ content: 'ship', status: 'open' }] } };
const PING: MeantCall = { name: 'ping', args: {} };

const json = ({ args }: MeantCall): string => JSON.stringify(args);
const named = (call: MeantCall, key = 'arguments'): string =>
  `{"name": "${call.name}", "${key}": ${json(call)}}`;

const cases: readonly [format: string, text: string, ...calls: MeantCall[]][] = [
  // Hermes, Qwen 2.5 and 3: chat templates.
  ['hermes', `<think>\n\n</think>\n\n<tool_call>\n${named(GREP)}\n</tool_call>`, GREP],
  [
    'hermes',
    `<tool_call>\n${named(SWAP)}\n</tool_call>\n<tool_call>\n${named(TODO)}\n</tool_call>`,
    SWAP,
    TODO,
  ],
  [
    'hermes',
    `First the order.\n<tool_call>\n${named(ORDER)}\n</tool_call>\nThen the date.\n<tool_call>\n${named(EVENT)}\n</tool_call>`,
    ORDER,
    EVENT,
  ],
  [
    'hermes',
    `<tool_call>\n{"name": "lookup_order", "arguments": {"order_id": "4711", "verbose": "true"}}\n</tool_call>`,
    ORDER,
  ],
  ['hermes', `<tool_call>\n{"name": "grep", "arguments": {"pattern": "socket",}}\n</tool_call>`, WORD],
  ['hermes', `I need the list of places where it is used.<tool_call>${named(WORD)}</tool_call>`, WORD],
  [
    'hermes',
    `<tool_call>\n{"name": "lookup_order", "arguments": "{\\"order_id\\": 4711, \\"verbose\\": true}"}\n</tool_call>`,
    ORDER,
  ],
  // Qwen3-Coder, Seed-OSS.
  [
    'qwen-coder',
    `<tool_call>\n<function=replace_in_file>\n<parameter=file_path>\na.py\n</parameter>\n<parameter=old_string>\nif x:\n    y()\n</parameter>\n<parameter=new_string>\nif not x:\n    y("<z>")\n</parameter>\n</function>\n</tool_call>`,
    SWAP,
  ],
  [
    'qwen-coder',
    `I'll look.\n\n<function=grep>\n<parameter=pattern>\nsocket\n</parameter>\n</function>\n</tool_call>`,
    WORD,
  ],
  [
    'qwen-coder',
    `<tool_call>\n<function=todo_write>\n<parameter=todos>\n[{"content": "ship", "status": "open"}]\n</parameter>\n</function>\n</tool_call>\n<tool_call>\n<function=ping>\n</function>\n</tool_call>`,
    TODO,
    PING,
  ],
  [
    'qwen-coder',
    `<seed:think>Look first.</seed:think><seed:tool_call>\n<function=lookup_order>\n<parameter=order_id>4711</parameter>\n<parameter=verbose>true</parameter>\n</function>\n</seed:tool_call>`,
    ORDER,
  ],
  // GLM 4.5 to 4.7.
  [
    'glm',
    `<tool_call>create_event\n<arg_key>title</arg_key>\n<arg_value>Städtetag</arg_value>\n<arg_key>start</arg_key>\n<arg_value>2026-12-01T09:00</arg_value>\n<arg_key>attendees</arg_key>\n<arg_value>["Ann", "Bo"]</arg_value>\n</tool_call>`,
    EVENT,
  ],
  [
    'glm',
    `</think><tool_call>lookup_order<arg_key>order_id</arg_key><arg_value>4711</arg_value><arg_key>verbose</arg_key><arg_value>true</arg_value></tool_call>`,
    ORDER,
  ],
  ['glm', `<tool_call>ping</tool_call>`, PING],
  // DeepSeek V3, V3.1, V3.2.
  [
    'deepseek',
    `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>bash\n\`\`\`json\n${json(SHELL)}\n\`\`\`<｜tool▁call▁end｜><｜tool▁calls▁end｜>`,
    SHELL,
  ],
  [
    'deepseek',
    `Two lookups.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>grep<｜tool▁sep｜>${json(GREP)}<｜tool▁call▁end｜><｜tool▁call▁begin｜>ping<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜>`,
    GREP,
    PING,
  ],
  [
    'dsml',
    `<｜DSML｜function_calls>\n<｜DSML｜invoke name="grep">\n<｜DSML｜parameter name="pattern" string="true">fix(me|it)\\b</｜DSML｜parameter>\n<｜DSML｜parameter name="path" string="true">src</｜DSML｜parameter>\n<｜DSML｜parameter name="max_results" string="false">5</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>`,
    GREP,
  ],
  [
    'dsml',
    `<｜｜DSML｜｜tool_calls>\n<｜｜DSML｜｜invoke name="todo_write">\n<｜｜DSML｜｜parameter name="todos" string="false">[{"content": "ship", "status": "open"}]</｜｜DSML｜｜parameter>\n</｜｜DSML｜｜invoke>\n</｜｜DSML｜｜tool_calls>`,
    TODO,
  ],
  [
    'dsml',
    `Right.\n\n<|DSML|function_calls>\n<|DSML|invoke name="grep">\n<|DSML|parameter name="pattern" string="true">socket</|DSML|parameter>\n</|DSML|invoke>\n</|DSML|function_calls>`,
    WORD,
  ],
  // Kimi K2.
  [
    'kimi',
    `<|tool_calls_section_begin|><|tool_call_begin|>functions.create_event:0<|tool_call_argument_begin|>${json(EVENT)}<|tool_call_end|><|tool_call_begin|>functions.ping:1<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|>`,
    EVENT,
    PING,
  ],
  [
    'kimi',
    `Let me think about where it is. <|tool_calls_section_begin|> <|tool_call_begin|> functions.grep:17 <|tool_call_argument_begin|> ${json(WORD)} <|tool_call_end|> <|tool_calls_section_end|>`,
    WORD,
  ],
  ['kimi', `<|tool_call_begin|>bash:3<|tool_call_argument_begin|>${json(SHELL)}<|tool_call_end|>`, SHELL],
  // MiniMax M2, M1.
  [
    'minimax',
    `<minimax:tool_call>\n<invoke name="replace_in_file">\n<parameter name="file_path">a.py</parameter>\n<parameter name="old_string">if x:\n    y()</parameter>\n<parameter name="new_string">if not x:\n    y("<z>")</parameter>\n</invoke>\n<invoke name="ping">\n</invoke>\n</minimax:tool_call>`,
    SWAP,
    PING,
  ],
  [
    'minimax',
    `<think>An order.</think>\n<tool_calls>\n${named(ORDER)}\n${named(WORD)}\n</tool_calls>`,
    ORDER,
    WORD,
  ],
  // Mistral: v3, v7, v11, v13 tokenizers.
  ['mistral', `[TOOL_CALLS] [${named(ORDER)}, ${named(WORD)}]`, ORDER, WORD],
  ['mistral', `Checking.[TOOL_CALLS]grep[ARGS]${json(GREP)}[TOOL_CALLS]ping[ARGS]{}`, GREP, PING],
  ['mistral', `[TOOL_CALLS]bash[CALL_ID]Ab3dE6gH9[ARGS]${json(SHELL)}</s>`, SHELL],
  ['mistral', `[TOOL_CALLS]create_event${json(EVENT)}`, EVENT],
  // Llama 3.1 to 4.
  ['llama', `<|python_tag|>${named(GREP, 'parameters')}<|eom_id|>`, GREP],
  ['llama', `${named(WORD, 'parameters')}<|eot_id|>`, WORD],
  ['llama', `<function=create_event>${json(EVENT)}</function>`, EVENT],
  ['llama', `${named(ORDER, 'parameters')}; ${named(WORD, 'parameters')}`, ORDER, WORD],
  ['pythonic', `[lookup_order(order_id=4711, verbose=True), grep(pattern='socket')]`, ORDER, WORD],
  [
    'pythonic',
    `<|python_start|>[create_event(title="Städtetag", start="2026-12-01T09:00", attendees=["Ann", "Bo"])]<|python_end|>`,
    EVENT,
  ],
  // Harmony, with what servers strip: the last token, or the first.
  [
    'harmony',
    `<|channel|>analysis<|message|>We must search.<|end|><|start|>assistant<|channel|>commentary to=functions.grep <|constrain|>json<|message|>${json(GREP)}<|call|>`,
    GREP,
  ],
  [
    'harmony',
    `<|start|>assistant to=functions.bash<|channel|>commentary json<|message|>${json(SHELL)}`,
    SHELL,
  ],
  ['harmony', `analysisWe must look.assistantcommentary to=functions.grep json${json(WORD)}`, WORD],
  [
    'harmony',
    `commentary to=functions.lookup_order <|constrain|>json<|message|>${json(ORDER)}<|call|>`,
    ORDER,
  ],
  ['harmony', `<|channel|>commentary to=ping <|constrain|>json<|message|>{}<|call|>`, PING],
  // Granite 3, 4, 20b; Phi 4 mini.
  ['granite', `<|tool_call|>[${named(ORDER)}]`, ORDER],
  ['granite', `<tool_call>[${named(GREP)}, ${named(PING)}]`, GREP, PING],
  ['granite', `<function_call> ${named(WORD)}\n<function_call> ${named(PING)}`, WORD, PING],
  ['phi', `<|tool_call|>[{"name":"grep","arguments":{"pattern":"socket"}}]<|/tool_call|>`, WORD],
  ['phi', `functools[${named(EVENT)}]`, EVENT],
  // xLAM, Cohere.
  ['xlam', `[${named(ORDER)}, ${named(SHELL)}]`, ORDER, SHELL],
  ['xlam', `<think>Both.</think>[${named(TODO)}]`, TODO],
  [
    'cohere',
    `<|START_THINKING|>I will search.<|END_THINKING|><|START_ACTION|>[\n    {"tool_call_id": "0", "tool_name": "grep", "parameters": ${json(GREP)}},\n    {"tool_call_id": "1", "tool_name": "ping", "parameters": {}}\n]<|END_ACTION|>`,
    GREP,
    PING,
  ],
  [
    'cohere',
    `Action: \`\`\`json\n[\n    {\n        "tool_name": "lookup_order",\n        "parameters": ${json(ORDER)}\n    }\n]\n\`\`\``,
    ORDER,
  ],
  // Gemma 3, FunctionGemma, Gemma 4.
  ['gemma', `\`\`\`tool_code\nlookup_order(order_id=4711, verbose=True)\n\`\`\``, ORDER],
  [
    'gemma',
    `<start_function_call>call:create_event{title:<escape>Städtetag<escape>,start:<escape>2026-12-01T09:00<escape>,attendees:[<escape>Ann<escape>,<escape>Bo<escape>]}<end_function_call>`,
    EVENT,
  ],
  [
    'gemma',
    `<|channel>thought\nI must search.\n<channel|><|tool_call>call:grep{pattern:<|"|>fix(me|it)\\b<|"|>,path:<|"|>src<|"|>,max_results:5}<tool_call|>`,
    GREP,
  ],
  ['gemma', `<|tool_call>call:grep{pattern:"socket"}<tool_call|>`, WORD],
  // Roo and Cline; a shell tag.
  [
    'roo',
    `Now the change.\n\n<replace_in_file>\n<file_path>a.py</file_path>\n<old_string>if x:\n    y()</old_string>\n<new_string>if not x:\n    y("<z>")</new_string>\n</replace_in_file>`,
    SWAP,
  ],
  ['roo', `<thinking>Search.</thinking>\n\n<grep>\n<pattern>socket</pattern>\n</grep>`, WORD],
  ['bash', `<bash>\nnpm test -- --grep "a b" 2>&1 | tail -5\n</bash>`, SHELL],
  [
    'anthropic',
    `Of course.\n\n<function_calls>\n<invoke name="lookup_order">\n<parameter name="order_id">4711</parameter>\n<parameter name="verbose">true</parameter>\n</invoke>\n</function_calls>`,
    ORDER,
  ],
  // Fenced and raw JSON, in the shapes of several wire protocols.
  ['fenced', `I will search now.\n\n\`\`\`json\n${named(GREP)}\n\`\`\``, GREP],
  ['fenced', `\`\`\`tool_call\n${named(EVENT)}\n\`\`\``, EVENT],
  [
    'raw-json',
    `{"type": "function", "function": {"name": "grep", "arguments": "{\\"pattern\\": \\"socket\\"}"}}`,
    WORD,
  ],
  [
    'raw-json',
    `{"type": "tool_use", "id": "toolu_1", "name": "lookup_order", "input": ${json(ORDER)}}`,
    ORDER,
  ],
  [
    'raw-json',
    `{"content": null, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "ping", "arguments": "{}"}}]}`,
    PING,
  ],
  [
    'raw-json',
    `{"type": "function", "name": "bash", "parameters": {"cmd": "ls"}}`,
    { name: 'bash', args: { command: 'ls' } },
  ],
  ['raw-json', `${named(WORD)}\n${named(PING)}`, WORD, PING],
  // Families beyond the list: their cards and the parsers of vLLM and SGLang.
  [
    'beyond',
    `Let me check that.<|tool_call_start|>[grep(pattern="socket"), ping()]<|tool_call_end|>`,
    WORD,
    PING,
  ],
  ['beyond', `<|tool_call_start|>[${named(ORDER)}]<|tool_call_end|>`, ORDER],
  ['beyond', `<TOOLCALL>[${named(GREP)}, ${named(PING)}]</TOOLCALL>`, GREP, PING],
  ['beyond', `<longcat_tool_call>\n${named(EVENT)}\n</longcat_tool_call>`, EVENT],
  [
    'beyond',
    `<longcat_tool_call>grep\n<longcat_arg_key>pattern</longcat_arg_key>\n<longcat_arg_value>socket</longcat_arg_value>\n</longcat_tool_call>`,
    WORD,
  ],
  [
    'beyond',
    `Sure, I will look.<|action_start|><|plugin|>\n${named(WORD, 'parameters')}<|action_end|>`,
    WORD,
  ],
  ['beyond', `<tool_calls>[\n    ${named(ORDER)},\n    ${named(PING)}\n]</tool_calls>`, ORDER, PING],
  ['beyond', `<function_calls>\ngrep(pattern="socket")\nping()\n</function_calls>`, WORD, PING],
  ['beyond', `<code>\nlookup_order(order_id=4711, verbose=True)\n</code>`, ORDER],
  ['beyond', `<|tools_prefix|>[{"grep": {"pattern": "socket"}}]<|tools_suffix|>`, WORD],
];

/**
 * Written from the formats' own pages without a look at the code that reads them, and first read once as it stood (see
 * docs/guide/tool-calls.md). Used since to mend the rules, so that now it shows no more than that they hold.
 */
export const thirdPositives: readonly CorpusCase[] = cases.map(([format, text, ...calls], at) => ({
  format,
  title: `third ${at}`,
  text,
  calls,
}));
