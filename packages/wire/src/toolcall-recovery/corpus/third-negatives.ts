import type { CorpusCase } from './case.ts';

const CALL = '{"name": "grep", "arguments": {"pattern": "socket"}}';
const TAGGED = `<tool_call>\n${CALL}\n</tool_call>`;
const LINE = `<tool_call>${CALL}</tool_call>`;
const CODER = '<function=bash>\n<parameter=command>\nrm -rf build\n</parameter>\n</function>';

/** Prose, papers, reviews and data about calls: nobody reading them would run one. */
const texts: readonly string[] = [
  `Gemma 4 writes its calls like this: <|tool_call>call:grep{pattern:<|"|>socket<|"|>}<tool_call|> and the server takes them apart.`,
  `Qwen's calls look as follows:\n\n${TAGGED}\n\nThe server then answers with a role "tool".`,
  `The template renders a call like so:\n${LINE}\nwhich the tokenizer keeps as one special token.`,
  `A DeepSeek V3.1 answer has this shape: <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>grep<｜tool▁sep｜>{"pattern": "socket"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>.`,
  `Mistral's notation is [TOOL_CALLS]grep[ARGS]{"pattern": "socket"} since version 11.`,
  `Each call has the form ${LINE}, one per line.`,
  `The parser expects the following format:\n\n${CODER}\n`,
  `Correct: ${LINE}\nWrong: <tool_call>grep socket</tool_call>`,
  `The difference between the two:\n\n- Hermes: ${LINE}\n- Kimi: <|tool_call_begin|>functions.grep:0<|tool_call_argument_begin|>{"pattern": "socket"}<|tool_call_end|>\n`,
  `You asked what the model had written. It was this, word for word:\n\n${TAGGED}\n\nNote the missing path.`,
  `The previous turn ended with\n${LINE}\nbut the client never ran it.`,
  `In the test we feed "${LINE}" and expect one call.`,
  `If you see ${LINE} in the output, your server lacks a tool parser.`,
  `Use \`--tool-call-parser hermes\` when the model prints \`${LINE}\`.`,
  `He wrote: “${LINE}”. I would not.`,
  `The regular expression \`<tool_call>(.*?)</tool_call>\` matches \`${LINE}\` but not an open tag.`,
  `\`\`\`python\nprompt = """\n${TAGGED}\n"""\n\`\`\`\n`,
  `\`\`\`jinja\n{%- for call in message.tool_calls %}\n<tool_call>\n{"name": "{{ call.name }}", "arguments": {{ call.arguments | tojson }}}\n</tool_call>\n{%- endfor %}\n\`\`\``,
  `\`\`\`json\n{"messages": [{"role": "assistant", "tool_calls": [{"function": ${CALL}}]}]}\n\`\`\`\n\nis one line of the training set.`,
  `Here is the schema you asked for:\n\n\`\`\`json\n{"name": "grep", "description": "Search", "parameters": {"type": "object", "properties": {"pattern": {"type": "string"}}}}\n\`\`\``,
  `An example request body:\n\n\`\`\`json\n${CALL}\n\`\`\`\n`,
  `Add this to \`calls.json\`:\n\n\`\`\`json\n[${CALL}]\n\`\`\`\n`,
  `\`\`\`xml\n<bash>\nls\n</bash>\n\`\`\`\n\nThat is what Cline would print.`,
  `To delete the folder, run:\n\n\`\`\`bash\nrm -rf build\n\`\`\`\n`,
  `\`\`\`python\ngrep(pattern="socket")\nping()\n\`\`\`\n\nBoth functions are defined in \`tools.py\`.`,
  `You can call grep(pattern="socket") to find it, or ping() to see whether the server lives.`,
  `The list [grep(pattern="socket"), ping()] is a Python literal.`,
  `<p>Type <code>grep(pattern="socket")</code> into the box.</p>`,
  `In HTML one writes <code>ping()</code> for that.`,
  `The old channel was “commentary to=functions.grep”, which held {"pattern": "socket"}.`,
  `Harmony sends <|channel|>commentary to=functions.grep <|constrain|>json<|message|>{"pattern": "socket"}<|call|> for a call, and <|channel|>final for an answer.`,
  `| Model | Call |\n|---|---|\n| Granite | <|tool_call|>[${CALL}] |\n| Phi | functools[${CALL}] |`,
  `# Formats\n\n## Hermes\n\n${TAGGED}\n\n## Qwen3-Coder\n\n${CODER}\n\nBoth are read by the same parser.`,
  `My advice on the prompt: end it with “Answer only with ${LINE}”.`,
  `I would have called ${LINE}, had you allowed me to.`,
  `I did not run ${LINE} because you said not to.`,
  `Imagine the user sends ${LINE}: the gateway must not run that.`,
  `Issue 12: the text ${LINE} is swallowed. Expected: it is shown.`,
  `<result>\n${LINE}\n</result>\n\nThis is what the file held.`,
  `$ cat answer.txt\n${LINE}\n$ wc -l answer.txt\n1 answer.txt`,
  `12 | ${LINE}\n13 | </s>\n\nLine 12 is the culprit.`,
  `{"order": 4711, "items": [{"name": "grep", "price": 3}], "total": 3}`,
  `[{"name": "grep", "stars": 5}, {"name": "ping", "stars": 4}]`,
  `{"name": "ping", "version": "1.0.0", "description": "A small tool", "license": "MIT"}`,
  `<grep>`,
  `The tags <grep> and </grep> enclose a <pattern>, as in <grep><pattern>socket</pattern></grep>.`,
  `<tool_call>\n{"name": "grep", "arguments": {"path": "src"}}\n</tool_call>`,
  `<tool_call>\n{"name": "delete_everything", "arguments": {"pattern": "socket"}}\n</tool_call>`,
  `Before: ${LINE}\nAfter: {"tool_calls": [...]}`,
];

/** As {@link texts}, each of them a case without a call. */
export const thirdNegatives: readonly CorpusCase[] = texts.map((text, at) => ({
  format: 'prose',
  title: `third ${at}`,
  text,
  calls: [],
}));
