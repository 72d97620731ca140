import { splitPath, type Reason } from '../reason.ts';
import { quoted } from '../read-fault.ts';
import { whenSaid, type Rule } from './rule.ts';

const unknown = (path: string): Reason => ({ type: 'unknown-field', path: splitPath(path) });

/** Fields the provider does not take. */
export const fieldRule: Rule = (complaint) => {
  const gemini = unknownNames(complaint.text);
  return gemini.length > 0 ? gemini : plain(complaint);
};

/** Gemini names every place at once: `Unknown name "x" at 'tools[0].function_declarations[0].parameters': Cannot find field.` */
function unknownNames(text: string): Reason[] {
  const found = text.matchAll(/Unknown name \\?"([$\w]+)\\?"(?: at '([^']{1,300})')?: Cannot find field/g);
  return [...found].map(([, name = '', at = '']) =>
    /\.(?:parameters|parametersJsonSchema|response_schema|responseSchema)\b/.test(`.${at}`)
      ? { type: 'schema-keyword', keyword: name }
      : unknown(at === '' ? name : `${at}.${name}`),
  );
}

const plain: Rule = whenSaid(
  // Anthropic: "tools.0.custom.strict: Extra inputs are not permitted", sometimes several
  [
    /Extra inputs are not permitted/i,
    (_found, { text }) =>
      [...text.matchAll(/([$\w.[\]-]+): Extra inputs are not permitted/gi)].map(([, path = '']) =>
        unknown(path),
      ),
  ],
  [/([$\w.[\]-]+): Field required/i, ([, path = '']) => ({ type: 'missing-field', path: splitPath(path) })],
  // OpenAI: "Missing required parameter: 'tools[0].name'."
  [
    /Missing required parameter: '([^']+)'/i,
    ([, path = '']) => ({ type: 'missing-field', path: splitPath(path) }),
  ],
  // Rust servers: "missing field `max_tokens`"
  [/missing field `(\w+)`/i, ([, name = '']) => ({ type: 'missing-field', path: [name] })],
  // LM Studio: message "Required" with the field beside it
  [
    /^Required$/m,
    (_found, { param }) => (param ? { type: 'missing-field', path: splitPath(param) } : undefined),
  ],
  // OpenAI and Azure, older: "Unrecognized request argument supplied: store" (or "arguments …: a, b")
  [
    /Unrecognized request arguments? supplied: ([\w, .]+)/i,
    ([, names = '']) => names.split(/,\s*/).map((name) => unknown(name.replace(/\.+$/, ''))),
  ],
  // NVIDIA: "Unsupported parameter(s): `parallel_tool_calls`"
  [/Unsupported parameter\(s\): ([^\n]+)/i, ([, names = '']) => quoted(names).map(unknown)],
  // OpenAI: "Unknown parameter: 'messages[0].refusal'.", "Unsupported parameter: 'temperature' is not supported …"; ChatGPT's backend: "Unsupported parameter: max_output_tokens"
  [
    /(?:Unknown|Unsupported|Unrecognized) (?:parameter|field|argument|param|key):? ['"`]?([\w.[\]]+)['"`]?/i,
    ([, path = '']) => unknown(path.replace(/\.+$/, '')),
  ],
  // Groq: "'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'reasoning_content' is unsupported)]"
  [
    /(?:'([\w.]+)' : )?property '([\w.]+)' is unsupported/i,
    ([, at, name = '']) => unknown(at === undefined ? name : `${at}.${name}`),
  ],
  [
    /([\w.[\]]+): (\w+) is not supported with this model/i,
    ([, at = '', name = '']) => unknown(at.endsWith(name) ? at : `${at}.${name}`),
  ],
  // xAI: "Argument not supported on this model: presencePenalty", "Model grok-4 does not support parameter reasoningEffort."
  [/Argument not supported on this model: (\w+)/i, ([, name = '']) => unknown(name)],
  [
    /does not support (?:the )?(?:parameter|argument|field):? ['"`]?(\w+)['"`]?/i,
    ([, name = '']) => unknown(name),
  ],
  // Bedrock: "Malformed input request: #: extraneous key [stop] is not permitted"
  [
    /#(?:\/([\w/]+))?: extraneous key \[(\w+)\] is not permitted/i,
    ([, at = '', name = '']) => unknown(`${at.replaceAll('/', '.')}.${name}`),
  ],
  // JSON Schema validators: "Additional properties are not allowed ('store' was unexpected)"
  [
    /Additional properties are not allowed \(([^)]+) (?:was|were) unexpected\)/i,
    ([, names = '']) => quoted(names).map(unknown),
  ],
  // Zod: "Unrecognized key(s) in object: 'store'"
  [/Unrecognized key(?:\(s\)|s)?(?: in object)?: ([^\n]+)/i, ([, names = '']) => quoted(names).map(unknown)],
  // Go and Rust: `json: unknown field "store"`, "unknown field `store`, expected one of …"
  [/unknown field ["'`]([\w.]+)["'`]/i, ([, name = '']) => unknown(name)],
  // Python: "got an unexpected keyword argument 'store'"
  [/unexpected keyword argument '(\w+)'/i, ([, name = '']) => unknown(name)],
  // Anthropic: "`temperature` is deprecated for this model."; OpenAI: "'temperature' is not supported with this model"
  [
    /[`'"]([\w.[\]]+)[`'"] is (?:deprecated|not supported|unsupported|not allowed)/i,
    ([, name = '']) => unknown(name),
  ],
  [
    /[`'"]([\w.[\]]+)[`'"] (?:parameter|field|argument) is (?:not supported|unsupported)/i,
    ([, name = '']) => unknown(name),
  ],
  // The code says it and the field stands apart.
  [
    /^/,
    (_found, { code, param }) =>
      param && /unsupported_parameter|unknown_parameter|unknown_field/i.test(code ?? '')
        ? unknown(param)
        : undefined,
  ],
);
