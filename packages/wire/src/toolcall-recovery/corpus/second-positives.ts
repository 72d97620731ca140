import type { CorpusCase, MeantCall } from './case.ts';

const TEMP: MeantCall = {
  name: 'get_current_temperature',
  args: { location: 'Paris, France', unit: 'celsius' },
};
const FIND: MeantCall = { name: 'find_files', args: { pattern: '*.test.ts', limit: 20, hidden: false } };
const RUN: MeantCall = { name: 'exec_command', args: { cmd: 'git log --oneline | head -3' } };
const MAIL: MeantCall = {
  name: 'send_email',
  args: { to: ['a@example.org', 'b@example.org'], subject: 'Hi "you"' },
};
const EDIT: MeantCall = {
  name: 'edit_file',
  args: { path: 'src/a.ts', edits: [{ old: 'let a = 1;\n', new: 'const a = [1];\n' }] },
};
const FETCH: MeantCall = { name: 'fetch_url', args: { url: 'https://example.org/docs?page=2#top' } };
const TIME: MeantCall = { name: 'current_time', args: {} };

const T = '{"location": "Paris, France", "unit": "celsius"}';
const F = '{"pattern": "*.test.ts", "limit": 20, "hidden": false}';
const R = '{"cmd": "git log --oneline | head -3"}';
const M = '{"to": ["a@example.org", "b@example.org"], "subject": "Hi \\"you\\""}';
const E = JSON.stringify(EDIT.args);

const cases: readonly [format: string, text: string, ...calls: MeantCall[]][] = [
  // Qwen 2.5/3, Hermes: model cards of NousResearch and Qwen.
  ['hermes', `<tool_call>\n{"name": "get_current_temperature", "arguments": ${T}}\n</tool_call>`, TEMP],
  [
    'hermes',
    `I'll check.\n<tool_call>{"arguments": ${T}, "name": "get_current_temperature"}</tool_call>`,
    TEMP,
  ],
  [
    'hermes',
    `<tool_call>\n{'name': 'find_files', 'arguments': {'pattern': '*.test.ts', 'limit': 20, 'hidden': False}}\n</tool_call>`,
    FIND,
  ],
  [
    'hermes',
    `<think>\nThe user wants mail.\n</think>\n\n<tool_call>\n{"name": "send_email", "arguments": ${M}}\n</tool_call><|im_end|>`,
    MAIL,
  ],
  [
    'hermes',
    `<tool_call>\n{"name": "current_time", "arguments": {}}\n</tool_call>\n<tool_call>\n{"name": "find_files", "arguments": ${F}}\n</tool_call>`,
    TIME,
    FIND,
  ],
  ['hermes', `<tool_call>{"name": "edit_file", "arguments": ${JSON.stringify(E)}}</tool_call>`, EDIT],
  [
    'hermes',
    `<tool_call>\n{"name": "exec_command", "arguments": {"command": "git log --oneline | head -3"}}\n</tool_call>`,
    RUN,
  ],
  ['hermes', `<tool_call>\n{"name": "get_current_temperature", "arguments": ${T}\n</tool_call>`, TEMP],
  // Qwen3-Coder: its own parser's tags.
  [
    'qwen-coder',
    `<tool_call>\n<function=find_files>\n<parameter=pattern>\n*.test.ts\n</parameter>\n<parameter=limit>\n20\n</parameter>\n<parameter=hidden>\nfalse\n</parameter>\n</function>\n</tool_call>`,
    FIND,
  ],
  [
    'qwen-coder',
    `Let me look.\n\n<function=exec_command>\n<parameter=cmd>\ngit log --oneline | head -3\n</parameter>\n</function>`,
    RUN,
  ],
  [
    'qwen-coder',
    `<tool_call>\n<function=edit_file>\n<parameter=path>\nsrc/a.ts\n</parameter>\n<parameter=edits>\n${JSON.stringify(EDIT.args['edits'])}\n</parameter>\n</function>\n</tool_call>`,
    EDIT,
  ],
  ['qwen-coder', `<tool_call>\n<function=current_time>\n</function>\n</tool_call>`, TIME],
  // Seed-OSS: the same grammar in wrappers of its own.
  [
    'qwen-coder',
    `<seed:tool_call>\n<function=get_current_temperature>\n<parameter=location>Paris, France</parameter>\n<parameter=unit>celsius</parameter>\n</function>\n</seed:tool_call>`,
    TEMP,
  ],
  // GLM 4.5 to 4.7.
  [
    'glm',
    `<tool_call>get_current_temperature\n<arg_key>location</arg_key>\n<arg_value>Paris, France</arg_value>\n<arg_key>unit</arg_key>\n<arg_value>celsius</arg_value>\n</tool_call>`,
    TEMP,
  ],
  [
    'glm',
    `<tool_call>find_files<arg_key>pattern</arg_key><arg_value>*.test.ts</arg_value><arg_key>limit</arg_key><arg_value>20</arg_value><arg_key>hidden</arg_key><arg_value>false</arg_value></tool_call>`,
    FIND,
  ],
  [
    'glm',
    `I'll send it now.\n<tool_call>send_email\n<arg_key>to</arg_key>\n<arg_value>["a@example.org", "b@example.org"]</arg_value>\n<arg_key>subject</arg_key>\n<arg_value>Hi "you"</arg_value>\n</tool_call>`,
    MAIL,
  ],
  ['glm', '<tool_call>current_time</tool_call>', TIME],
  // DeepSeek V3, R1, V3.1.
  [
    'deepseek',
    `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_current_temperature\n\`\`\`json\n${T}\n\`\`\`<｜tool▁call▁end｜><｜tool▁calls▁end｜>`,
    TEMP,
  ],
  [
    'deepseek',
    `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>find_files<｜tool▁sep｜>${F}<｜tool▁call▁end｜><｜tool▁call▁begin｜>current_time<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜>`,
    FIND,
    TIME,
  ],
  [
    'deepseek',
    `<|tool_calls_begin|><|tool_call_begin|>function<|tool_sep|>send_email\n${M}\n<|tool_call_end|><|tool_calls_end|>`,
    MAIL,
  ],
  // DeepSeek V3.2 and V4: DSML.
  [
    'dsml',
    `<｜DSML｜function_calls>\n<｜DSML｜invoke name="get_current_temperature">\n<｜DSML｜parameter name="location" string="true">Paris, France</｜DSML｜parameter>\n<｜DSML｜parameter name="unit" string="true">celsius</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>`,
    TEMP,
  ],
  [
    'dsml',
    `<|DSML|tool_calls>\n<|DSML|invoke name="find_files">\n<|DSML|parameter name="pattern" string="true">*.test.ts</|DSML|parameter>\n<|DSML|parameter name="limit" string="false">20</|DSML|parameter>\n<|DSML|parameter name="hidden" string="false">false</|DSML|parameter>\n</|DSML|invoke>\n</|DSML|tool_calls>`,
    FIND,
  ],
  [
    'dsml',
    `Two things.\n\n<｜DSML｜tool_calls>\n<｜DSML｜invoke name="current_time">\n</｜DSML｜invoke>\n<｜DSML｜invoke name="exec_command">\n<｜DSML｜parameter name="cmd" string="true">git log --oneline | head -3</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>`,
    TIME,
    RUN,
  ],
  [
    'dsml',
    `<｜｜DSML｜｜tool_calls><｜｜DSML｜｜invoke name="fetch_url"><｜｜DSML｜｜parameter name="url" string="true">https://example.org/docs?page=2#top</｜｜DSML｜｜parameter></｜｜DSML｜｜invoke></｜｜DSML｜｜tool_calls>`,
    FETCH,
  ],
  [
    'dsml',
    `<|DSML|tool_calls><|DSML|invoke name="send_email"><|DSML|parameter name="to" string="false">["a@example.org", "b@example.org"]</|DSML|parameter><|DSML|parameter name="subject" string="true">Hi "you"</|DSML|parameter></|DSML|invoke></|DSML|tool_calls>`,
    MAIL,
  ],
  // Kimi K2: tool_call_guidance.md.
  [
    'kimi',
    `<|tool_calls_section_begin|><|tool_call_begin|>functions.get_current_temperature:0<|tool_call_argument_begin|>${T}<|tool_call_end|><|tool_calls_section_end|>`,
    TEMP,
  ],
  [
    'kimi',
    `Let me see.<|tool_calls_section_begin|><|tool_call_begin|>functions.find_files:3<|tool_call_argument_begin|>${F}<|tool_call_end|><|tool_call_begin|>functions.current_time:4<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|><|im_end|>`,
    FIND,
    TIME,
  ],
  [
    'kimi',
    `<|tool_call_begin|>functions.exec_command:0<|tool_call_argument_begin|>${R}<|tool_call_end|>`,
    RUN,
  ],
  // MiniMax M2: its tool calling guide.
  [
    'minimax',
    `<minimax:tool_call>\n<invoke name="get_current_temperature">\n<parameter name="location">Paris, France</parameter>\n<parameter name="unit">celsius</parameter>\n</invoke>\n</minimax:tool_call>`,
    TEMP,
  ],
  [
    'minimax',
    `<think>Both.</think>\n<minimax:tool_call>\n<invoke name="send_email">\n<parameter name="to">["a@example.org", "b@example.org"]</parameter>\n<parameter name="subject">Hi "you"</parameter>\n</invoke>\n<invoke name="find_files">\n<parameter name="pattern">*.test.ts</parameter>\n<parameter name="limit">20</parameter>\n<parameter name="hidden">false</parameter>\n</invoke>\n</minimax:tool_call>`,
    MAIL,
    FIND,
  ],
  [
    'minimax',
    `<tool_calls>\n{"name": "get_current_temperature", "arguments": ${T}}\n{"name": "current_time", "arguments": {}}\n</tool_calls>`,
    TEMP,
    TIME,
  ],
  [
    'invoke',
    `<function_calls>\n<invoke name="exec_command">\n<parameter name="cmd">git log --oneline | head -3</parameter>\n</invoke>\n</function_calls>`,
    RUN,
  ],
  [
    'invoke',
    `Now the edit:\n<invoke name="edit_file">\n<parameter name="path">src/a.ts</parameter>\n<parameter name="edits">${JSON.stringify(EDIT.args['edits'])}</parameter>\n</invoke>`,
    EDIT,
  ],
  // Mistral: tokenizer versions 3, 7, 11 and 13.
  [
    'mistral',
    `[TOOL_CALLS] [{"name": "get_current_temperature", "arguments": ${T}, "id": "VvvODy9mT"}]</s>`,
    TEMP,
  ],
  [
    'mistral',
    `[TOOL_CALLS][{"name": "find_files", "arguments": ${F}}, {"name": "current_time", "arguments": {}}]`,
    FIND,
    TIME,
  ],
  [
    'mistral',
    `[TOOL_CALLS]get_current_temperature[ARGS]${T}[TOOL_CALLS]exec_command[ARGS]${R}</s>`,
    TEMP,
    RUN,
  ],
  ['mistral', `[TOOL_CALLS]get_current_temperature[CALL_ID]9Ab3xYz01[ARGS]${T}`, TEMP],
  ['mistral', `[TOOL_CALLS]send_email${M}`, MAIL],
  // Llama 3.1 to 4.
  ['llama', `<|python_tag|>{"name": "get_current_temperature", "parameters": ${T}}<|eom_id|>`, TEMP],
  ['llama', `{"name": "find_files", "parameters": ${F}}<|eot_id|>`, FIND],
  ['llama', `<|python_tag|>{"type": "function", "name": "exec_command", "parameters": ${R}}`, RUN],
  ['llama', `<function=get_current_temperature>${T}</function><|eom_id|>`, TEMP],
  [
    'pythonic',
    '[get_current_temperature(location="Paris, France", unit="celsius"), current_time()]',
    TEMP,
    TIME,
  ],
  ['pythonic', `[find_files(pattern='*.test.ts', limit=20, hidden=False)]<|eot|>`, FIND],
  [
    'pythonic',
    '<|python_start|>[send_email(to=["a@example.org", "b@example.org"], subject="Hi \\"you\\"")]<|python_end|>',
    MAIL,
  ],
  // gpt-oss: OpenAI's harmony guide.
  [
    'harmony',
    `<|channel|>analysis<|message|>Need the weather.<|end|><|start|>assistant<|channel|>commentary to=functions.get_current_temperature <|constrain|>json<|message|>${T}<|call|>`,
    TEMP,
  ],
  ['harmony', `<|start|>assistant<|channel|>commentary to=functions.find_files<|message|>${F}<|call|>`, FIND],
  ['harmony', `<|channel|>commentary to=functions.send_email<|constrain|>json<|message|>${M}`, MAIL],
  // Granite 3 and 4, Phi 4, xLAM.
  [
    'granite',
    `<|tool_call|>[{"name": "get_current_temperature", "arguments": ${T}}, {"name": "current_time", "arguments": {}}]`,
    TEMP,
    TIME,
  ],
  ['granite', `<|tool_call|>[{"arguments": ${F}, "name": "find_files"}]<|end_of_text|>`, FIND],
  ['granite', `<tool_call>[{"name": "exec_command", "arguments": ${R}}]`, RUN],
  ['phi', `<|tool_call|>[{"name": "send_email", "arguments": ${M}}]<|/tool_call|>`, MAIL],
  ['phi', `functools[{"name": "get_current_temperature", "arguments": ${T}}]`, TEMP],
  [
    'xlam',
    `[{"name": "get_current_temperature", "arguments": ${T}}, {"name": "find_files", "arguments": ${F}}]`,
    TEMP,
    FIND,
  ],
  ['xlam', `<think>One call.</think>\n[{"name": "exec_command", "arguments": ${R}}]`, RUN],
  // Command R and A.
  [
    'cohere',
    `<|START_THINKING|>I will look.<|END_THINKING|><|START_ACTION|>[\n    {"tool_call_id": "0", "tool_name": "get_current_temperature", "parameters": ${T}}\n]<|END_ACTION|>`,
    TEMP,
  ],
  [
    'cohere',
    `Action: \`\`\`json\n[\n    {\n        "tool_name": "find_files",\n        "parameters": ${F}\n    }\n]\`\`\``,
    FIND,
  ],
  // Gemma 3, FunctionGemma and Gemma 4: Google's guides.
  ['gemma', '```tool_code\nget_current_temperature(location="Paris, France", unit="celsius")\n```', TEMP],
  ['gemma', '```tool_code\nprint(find_files(pattern="*.test.ts", limit=20, hidden=False))\n```', FIND],
  [
    'gemma',
    '<start_function_call>call:get_current_temperature{location:<escape>Paris, France<escape>,unit:<escape>celsius<escape>}<end_function_call>',
    TEMP,
  ],
  [
    'gemma',
    '<start_function_call>call:find_files{pattern:<escape>*.test.ts<escape>,limit:20,hidden:false}<end_function_call><start_function_response>',
    FIND,
  ],
  [
    'gemma',
    '<|tool_call>call:get_current_temperature{location:<|"|>Paris, France<|"|>,unit:<|"|>celsius<|"|>}<tool_call|>',
    TEMP,
  ],
  [
    'gemma',
    '<|tool_call>call:send_email{to:[<|"|>a@example.org<|"|>,<|"|>b@example.org<|"|>],subject:<|"|>Hi "you"<|"|>}<tool_call|><|tool_call>call:current_time{}<tool_call|>',
    MAIL,
    TIME,
  ],
  // Roo and Cline.
  [
    'roo',
    '<get_current_temperature>\n<location>Paris, France</location>\n<unit>celsius</unit>\n</get_current_temperature>',
    TEMP,
  ],
  [
    'roo',
    "I'll search for the tests.\n\n<find_files>\n<pattern>*.test.ts</pattern>\n<limit>20</limit>\n<hidden>false</hidden>\n</find_files>",
    FIND,
  ],
  // The seed's own.
  ['bash', '<bash>\ngit log --oneline | head -3\n</bash>', RUN],
  ['bash', '<execute_command>\n<command>git log --oneline | head -3</command>\n</execute_command>', RUN],
  ['bash', `<bash>{"command": "git log --oneline | head -3"}</bash>`, RUN],
  [
    'explore-agent',
    '<explore_agent>\n{"messages": [{"role": "user", "content": "Read https://example.org/docs?page=2#top, then sum up"}]}\n</explore_agent>',
    FETCH,
  ],
  // Fenced, raw, wrapped.
  [
    'fenced',
    `I'll call it now.\n\n\`\`\`json\n{"name": "get_current_temperature", "arguments": ${T}}\n\`\`\``,
    TEMP,
  ],
  ['fenced', `\`\`\`json\n{"tool": "exec_command", "tool_input": ${R}}\n\`\`\``, RUN],
  ['fenced', `\`\`\`tool_call\n{"name": "find_files", "arguments": ${F}}\n\`\`\``, FIND],
  ['raw-json', `{"name": "send_email", "arguments": ${M}}`, MAIL],
  ['raw-json', `{"action": "find_files", "action_input": ${F}}`, FIND],
  [
    'raw-json',
    `{"type": "function", "function": {"name": "get_current_temperature", "arguments": ${JSON.stringify(T)}}}`,
    TEMP,
  ],
  ['raw-json', `{"tool_calls": [{"function": {"name": "exec_command", "arguments": ${R}}}]}`, RUN],
  [
    'wrapped',
    `<tool_call>{"name": "exec_command", "arguments": {"cmd": "{\\"cmd\\": \\"git log --oneline | head -3\\"}"}}</tool_call>`,
    RUN,
  ],
  ['wrapped', `<tool_call>{"name": "find_files", "arguments": {"arguments": ${F}}}</tool_call>`, FIND],
];

/** Calls as the formats' own documentation spells them: written after the first rules, and used since to mend them. */
export const secondPositives: readonly CorpusCase[] = cases.map(([format, text, ...calls], at) => ({
  format,
  title: `second ${at}`,
  text,
  calls,
}));
