import { splitPath, type Reason } from '../reason.ts';
import { quoted } from '../read-fault.ts';
import { pathOf, whenSaid, type Rule } from './rule.ts';

const value = (path: string, allowed?: readonly string[]): Reason => ({
  type: 'unsupported-value',
  path: splitPath(path),
  ...(allowed && allowed.length > 0 && { allowed }),
});

/** A field that is known, with a value that is not taken, or not next to another one. */
export const valueRule: Rule = whenSaid(
  // OpenAI: "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
  [
    /['"`]([\w.]+)['"`]? is (?:not supported|deprecated)[^\n]{0,60}?[Uu]se ['"`]([\w.]+)['"`]/,
    ([, from = '', to = '']) => ({ type: 'use-instead', path: splitPath(from), instead: to }),
  ],
  // OpenAI Responses: "In the Responses API, this parameter has moved to 'text.format'."
  [
    /Unsupported parameter: '([\w.]+)'[^\n]{0,80}moved to '([\w.]+)'/i,
    ([, from = '', to = '']) => ({ type: 'use-instead', path: splitPath(from), instead: to }),
  ],
  // Anthropic: "adaptive thinking is not supported on this model"
  [/adaptive thinking is not supported/i, () => value('thinking.type', ['enabled'])],
  // Anthropic: "`temperature` and `top_p` cannot both be specified for this model. Please use only one."
  [
    /[`'"](\w+)[`'"] and [`'"](\w+)[`'"] cannot both be (?:specified|set)/i,
    ([, keep = '', gives = '']) => ({ type: 'conflict', keep: [keep], path: [gives] }),
  ],
  // Anthropic: "`temperature` may only be set to 1 when thinking is enabled"; "`top_k` must be unset when thinking is enabled"
  [
    /[`'"](temperature|top_p|top_k)[`'"] (?:may only be|must be)[^\n]{0,60}when thinking/i,
    ([, field = '']) => value(field),
  ],
  // Anthropic: "`max_tokens` must be greater than `thinking.budget_tokens`"
  [
    /max_tokens[`'"]? must be greater than [`'"]?thinking\.budget_tokens/i,
    () => value('thinking.budget_tokens'),
  ],
  // Qwen: "parameter.enable_thinking must be set to false for non-streaming calls"
  [/enable_thinking must be set to false for non-streaming/i, () => value('enable_thinking', ['false'])],
  // OpenAI: "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported."
  // and "… does not support 'minimal' with this model. Supported values are: 'low', 'medium', and 'high'."
  [
    /Unsupported value: '([\w.[\]]+)' does not support [^\n]{1,80}? with (?:this model|the)[^.\n]*\.(?: Supported values are: ([^\n]+))?/i,
    ([, field = '', allowed]) => value(field, allowed === undefined ? undefined : quoted(allowed)),
  ],
  // OpenAI Responses: "Unsupported value: 'xhigh' is not supported with the 'gpt-5' model. Supported values are: …" with `param`
  [
    /Unsupported value: [^\n]{1,120}?\. Supported values are: ([^\n]+)/i,
    ([, allowed = ''], complaint) => (complaint.param ? value(complaint.param, quoted(allowed)) : undefined),
  ],
  // OpenAI dialects: "Invalid value: 'xhigh'. Supported values are: 'low', 'medium', and 'high'." with `param`
  [
    /Invalid value: [^\n]{1,80}?\. Supported values are: ([^\n]+)/i,
    ([, allowed = ''], complaint) => (complaint.param ? value(complaint.param, quoted(allowed)) : undefined),
  ],
  // Groq: "`reasoning_effort` must be one of `none`, `default`"
  [
    /[`'"]([\w.]+)[`'"]? must be one of:? ([^\n]+)/i,
    ([, field = '', allowed = '']) => value(field, quoted(allowed)),
  ],
  [
    /reasoning_effort[^\n]{0,60}(?:is not supported|not supported with this model|unsupported)/i,
    () => ({ type: 'unknown-field', path: ['reasoning_effort'] }),
  ],
  [/Invalid (?:service_tier|service tier)/i, () => value('service_tier')],
  // Everything else that names its field apart from its words and says "unsupported value".
  [
    /Unsupported value/i,
    (_found, complaint) =>
      complaint.param ? { type: 'unsupported-value', path: pathOf(undefined, complaint) } : undefined,
  ],
);
