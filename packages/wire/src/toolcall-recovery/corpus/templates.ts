import type { MeantCall, Template } from './case.ts';

const json = (value: unknown): string => JSON.stringify(value);
const word = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const each = (
  calls: readonly MeantCall[],
  write: (call: MeantCall, at: number) => string,
  gap = '\n',
): string => calls.map(write).join(gap);
const tags = (args: Record<string, unknown>, write: (key: string, value: string) => string): string =>
  Object.entries(args)
    .map(([key, value]) => write(key, word(value)))
    .join('');
const named = ({ name, args }: MeantCall): string => json({ name, arguments: args });
const python = (value: unknown): string =>
  typeof value === 'boolean' ? (value ? 'True' : 'False') : JSON.stringify(value);
const pythonCall = ({ name, args }: MeantCall): string =>
  `${name}(${Object.entries(args)
    .map(([key, value]) => `${key}=${python(value)}`)
    .join(', ')})`;
const invoke = ({ name, args }: MeantCall): string =>
  `<invoke name="${name}">\n${tags(args, (key, value) => `<parameter name="${key}">${value}</parameter>\n`)}</invoke>`;
const dsml = (bar: string, { name, args }: MeantCall): string =>
  `<${bar}DSML${bar}invoke name="${name}">\n${Object.entries(args)
    .map(
      ([key, value]) =>
        `<${bar}DSML${bar}parameter name="${key}" string="${typeof value === 'string'}">${word(value)}</${bar}DSML${bar}parameter>\n`,
    )
    .join('')}</${bar}DSML${bar}invoke>`;
const qwen = ({ name, args }: MeantCall): string =>
  `<function=${name}>\n${tags(args, (key, value) => `<parameter=${key}>\n${value}\n</parameter>\n`)}</function>`;

const template = (
  format: string,
  title: string,
  write: Template['write'],
  only?: NonNullable<Template['only']>,
): Template => (only ? { format, title, write, only } : { format, title, write });

/** How each format's own documentation and chat template spell calls, with the slips seen in the field. */
export const templates: readonly Template[] = [
  template('hermes', 'one object a tag', (calls) =>
    each(calls, (call) => `<tool_call>\n${named(call)}\n</tool_call>`),
  ),
  template('hermes', 'no line breaks', (calls) =>
    each(calls, (call) => `<tool_call>${named(call)}</tool_call>`, ''),
  ),
  template('hermes', 'last brace missing', (calls) =>
    each(calls, (call) => `<tool_call>\n${named(call).slice(0, -1)}\n</tool_call>`),
  ),
  template('hermes', 'one brace too many', (calls) =>
    each(calls, (call) => `<tool_call>\n${named(call)}}\n</tool_call>`),
  ),
  template('hermes', 'arguments as a string', (calls) =>
    each(calls, ({ name, args }) => `<tool_call>${json({ name, arguments: json(args) })}</tool_call>`),
  ),
  template('hermes', 'last closer missing', (calls) =>
    each(calls, (call) => `<tool_call>\n${named(call)}`, '\n</tool_call>\n'),
  ),
  template(
    'hermes',
    'a list in one tag',
    (calls) => `<tool_call>${json(calls.map(({ name, args }) => ({ name, arguments: args })))}</tool_call>`,
  ),
  template('minimax', 'M1 lines', (calls) => `<tool_calls>\n${each(calls, named)}\n</tool_calls>`),
  template('qwen-coder', 'wrapped', (calls) =>
    each(calls, (call) => `<tool_call>\n${qwen(call)}\n</tool_call>`),
  ),
  template('qwen-coder', 'outer tag left out', (calls) => each(calls, qwen)),
  template('qwen-coder', 'outer opener left out', (calls) =>
    each(calls, (call) => `${qwen(call)}\n</tool_call>`),
  ),
  template('llama', 'function tag', (calls) =>
    each(calls, ({ name, args }) => `<function=${name}>${json(args)}</function>`),
  ),
  template('glm', 'lines', (calls) =>
    each(
      calls,
      ({ name, args }) =>
        `<tool_call>${name}\n${tags(args, (key, value) => `<arg_key>${key}</arg_key>\n<arg_value>${value}</arg_value>\n`)}</tool_call>`,
    ),
  ),
  template('glm', 'tight', (calls) =>
    each(
      calls,
      ({ name, args }) =>
        `<tool_call>${name}${tags(args, (key, value) => `<arg_key>${key}</arg_key><arg_value>${value}</arg_value>`)}</tool_call>`,
    ),
  ),
  template(
    'deepseek',
    'V3 and R1',
    (calls) =>
      `<｜tool▁calls▁begin｜>${each(
        calls,
        ({ name, args }) =>
          `<｜tool▁call▁begin｜>function<｜tool▁sep｜>${name}\n\`\`\`json\n${json(args)}\n\`\`\`<｜tool▁call▁end｜>`,
      )}<｜tool▁calls▁end｜>`,
  ),
  template(
    'deepseek',
    'V3.1',
    (calls) =>
      `<｜tool▁calls▁begin｜>${each(
        calls,
        ({ name, args }) => `<｜tool▁call▁begin｜>${name}<｜tool▁sep｜>${json(args)}<｜tool▁call▁end｜>`,
        '',
      )}<｜tool▁calls▁end｜>`,
  ),
  template(
    'deepseek',
    'ASCII bars',
    (calls) =>
      `<|tool_calls_begin|>${each(
        calls,
        ({ name, args }) => `<|tool_call_begin|>${name}<|tool_sep|>${json(args)}<|tool_call_end|>`,
        '',
      )}<|tool_calls_end|>`,
  ),
  ...['｜', '|', '｜｜'].map((bar) =>
    template(
      'dsml',
      `bars ${bar}`,
      (calls) =>
        `<${bar}DSML${bar}function_calls>\n${each(calls, (call) => dsml(bar, call))}\n</${bar}DSML${bar}function_calls>`,
    ),
  ),
  template(
    'dsml',
    'tool_calls',
    (calls) => `<｜DSML｜tool_calls>\n${each(calls, (call) => dsml('｜', call))}\n</｜DSML｜tool_calls>`,
  ),
  template('dsml', 'bare invoke', (calls) => each(calls, (call) => dsml('｜', call))),
  template(
    'kimi',
    'section',
    (calls) =>
      `<|tool_calls_section_begin|>${each(
        calls,
        ({ name, args }, at) =>
          `<|tool_call_begin|>functions.${name}:${at}<|tool_call_argument_begin|>${json(args)}<|tool_call_end|>`,
        '',
      )}<|tool_calls_section_end|>`,
  ),
  template('kimi', 'without section', (calls) =>
    each(
      calls,
      ({ name, args }, at) =>
        `<|tool_call_begin|> functions.${name}:${at} <|tool_call_argument_begin|> ${json(args)} <|tool_call_end|>`,
    ),
  ),
  template('minimax', 'M2', (calls) => `<minimax:tool_call>\n${each(calls, invoke)}\n</minimax:tool_call>`),
  template(
    'invoke',
    'function_calls',
    (calls) => `<function_calls>\n${each(calls, invoke)}\n</function_calls>`,
  ),
  template('invoke', 'bare', (calls) => each(calls, invoke)),
  template(
    'mistral',
    'list',
    (calls) => `[TOOL_CALLS]${json(calls.map(({ name, args }) => ({ name, arguments: args })))}`,
  ),
  template('mistral', 'args', (calls) =>
    each(calls, ({ name, args }) => `[TOOL_CALLS]${name}[ARGS]${json(args)}`, ''),
  ),
  template('mistral', 'call id', (calls) =>
    each(calls, ({ name, args }) => `[TOOL_CALLS]${name}[CALL_ID]a1B2c3D4e[ARGS]${json(args)}`, ''),
  ),
  template(
    'llama',
    'python tag',
    (calls) =>
      `<|python_tag|>${each(calls, ({ name, args }) => json({ type: 'function', name, parameters: args }), '; ')}<|eom_id|>`,
  ),
  template(
    'llama',
    'python tag, built in',
    (calls) => `<|python_tag|>${each(calls, (call) => pythonCall({ ...call, name: `${call.name}.call` }))}`,
    'one-call',
  ),
  template('pythonic', 'list', (calls) => `[${each(calls, pythonCall, ', ')}]`, 'whole-answer'),
  template('harmony', 'commentary', (calls) =>
    each(
      calls,
      ({ name, args }) =>
        `<|channel|>commentary to=functions.${name} <|constrain|>json<|message|>${json(args)}<|call|>`,
      '<|start|>assistant',
    ),
  ),
  template('harmony', 'recipient first', (calls) =>
    each(
      calls,
      ({ name, args }) =>
        `<|start|>assistant to=functions.${name}<|channel|>commentary json<|message|>${json(args)}<|call|>`,
      '',
    ),
  ),
  template(
    'harmony',
    'tokens lost',
    (calls) => each(calls, ({ name, args }) => `commentary to=functions.${name} json${json(args)}`),
    'one-call',
  ),
  template(
    'granite',
    'list',
    (calls) => `<|tool_call|>${json(calls.map(({ name, args }) => ({ name, arguments: args })))}`,
  ),
  template(
    'phi',
    'closed list',
    (calls) =>
      `<|tool_call|>${json(calls.map(({ name, args }) => ({ name, arguments: args })))}<|/tool_call|>`,
  ),
  template(
    'phi',
    'functools',
    (calls) => `functools${json(calls.map(({ name, args }) => ({ name, arguments: args })))}`,
  ),
  template(
    'xlam',
    'list',
    (calls) => json(calls.map(({ name, args }) => ({ name, arguments: args }))),
    'whole-answer',
  ),
  template(
    'cohere',
    'action',
    (calls) =>
      `<|START_ACTION|>${json(
        calls.map(({ name, args }, at) => ({ tool_call_id: String(at), tool_name: name, parameters: args })),
      )}<|END_ACTION|>`,
  ),
  template(
    'cohere',
    'Action:',
    (calls) =>
      `Action: \`\`\`json\n${JSON.stringify(
        calls.map(({ name, args }) => ({ tool_name: name, parameters: args })),
        null,
        4,
      )}\n\`\`\``,
  ),
  template('gemma', 'tool_code', (calls) => `\`\`\`tool_code\n${each(calls, pythonCall)}\n\`\`\``),
  template(
    'gemma',
    'printed',
    (calls) => `\`\`\`tool_code\n${each(calls, (call) => `print(default_api.${pythonCall(call)})`)}\n\`\`\``,
  ),
  template('roo', 'tags', (calls) =>
    each(
      calls,
      ({ name, args }) => `<${name}>\n${tags(args, (key, value) => `<${key}>${value}</${key}>\n`)}</${name}>`,
    ),
  ),
  template(
    'bash',
    'plain',
    (calls) => each(calls, ({ args }) => `<bash>\n${word(args['command'])}\n</bash>`),
    'one-command',
  ),
  template(
    'bash',
    'execute_command',
    (calls) =>
      each(
        calls,
        ({ args }) => `<execute_command>\n<command>${word(args['command'])}</command>\n</execute_command>`,
      ),
    'one-command',
  ),
  template(
    'bash',
    'JSON inside',
    (calls) => each(calls, ({ args }) => `<bash>${json({ cmd: args['command'] })}</bash>`),
    'one-command',
  ),
  template(
    'explore-agent',
    'URL in JSON',
    (calls) =>
      each(
        calls,
        ({ args }) =>
          `<explore_agent>\nmessages: ${json([{ content: `Understand ${word(args['url'])}` }])}\n</explore_agent>`,
      ),
    'one-url',
  ),
  template('fenced', 'json', (calls) => each(calls, (call) => `\`\`\`json\n${named(call)}\n\`\`\``)),
  template('fenced', 'tool_call', (calls) =>
    each(calls, (call) => `\`\`\`tool_call\n${named(call)}\n\`\`\``),
  ),
  template(
    'fenced',
    'tags in xml',
    (calls) => `\`\`\`xml\n${each(calls, (call) => `<tool_call>\n${named(call)}\n</tool_call>`)}\n\`\`\``,
  ),
  template('raw-json', 'objects', (calls) => each(calls, named)),
  template('raw-json', 'tool and parameters', (calls) =>
    each(calls, ({ name, args }) => json({ tool: name, parameters: args })),
  ),
  template('raw-json', 'OpenAI envelope', (calls) =>
    json({
      tool_calls: calls.map(({ name, args }) => ({
        id: 'call_1',
        type: 'function',
        function: { name, arguments: json(args) },
      })),
    }),
  ),
];
