import { count, pathOf, whenSaid, type Rule } from './rule.ts';
import type { Reason } from '../reason.ts';

const N = String.raw`(\d[\d,_]*)`;

const window = (size: string | undefined, prompt: string | undefined): Reason => ({
  type: 'over-window',
  window: count(size),
  prompt: count(prompt),
});

/** Prompt and answer together are longer than the context. Only the answer's part can give way. */
export const windowRule: Rule = whenSaid(
  // OpenAI, DeepSeek, Fireworks: "… 8192 tokens. However, you requested 9000 tokens (1000 in the messages, 8000 in the completion)"
  [
    new RegExp(
      String.raw`maximum context length is ${N} tokens.{0,60}requested (?:about )?${N} tokens \(${N} (?:in|of)`,
      'is',
    ),
    ([, size, total], { text }) => {
      const output = /(\d[\d,_]*) (?:in|for) the (?:completion|output)/i.exec(text)?.[1];
      return output === undefined ? undefined : window(size, String(count(total) - count(output)));
    },
  ],
  // vLLM: "'max_tokens' or 'max_completion_tokens' is too large: 8000. This model's maximum context length is 8192 tokens and your request has 1000 input tokens"
  [
    new RegExp(
      String.raw`is too large: ${N}\. This model's maximum context length is ${N} tokens and your request has ${N} input tokens`,
      'i',
    ),
    ([, , size, prompt]) => window(size, prompt),
  ],
  // vLLM, newer: "You passed 1000 input tokens and requested 8000 output tokens. However, the model's context length is only 8192 tokens"
  [
    new RegExp(
      String.raw`passed ${N} input tokens and requested ${N} output tokens.{0,60}context length is only ${N} tokens`,
      'is',
    ),
    ([, prompt, , size]) => window(size, prompt),
  ],
  // Anthropic: "input length and `max_tokens` exceed context limit: 190000 + 32000 > 200000"
  [
    new RegExp(String.raw`exceed context limit: ${N} \+ ${N} > ${N}`, 'i'),
    ([, prompt, , size]) => window(size, prompt),
  ],
  // Together, TGI: "`inputs` tokens + `max_new_tokens` must be <= 8193. Given: 4000 `inputs` tokens and 8000 `max_new_tokens`"
  [
    new RegExp(String.raw`tokens \+ .?max_new_tokens.? must be <= ${N}\. Given: ${N} .?inputs.? tokens`, 'i'),
    ([, size, prompt]) => window(size, prompt),
  ],
);

const limit = (path: string, max: string | undefined, less = 0): Reason => ({
  type: 'over-limit',
  path: [path],
  max: count(max) - less,
});

/** One number is larger than the provider takes. */
export const limitRule: Rule = whenSaid(
  // Anthropic: "max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens for …"
  [
    new RegExp(String.raw`([\w.]+): ${N} > ${N}, which is the maximum`, 'i'),
    ([, field, , max], complaint) => ({
      type: 'over-limit',
      path: pathOf(field, complaint),
      max: count(max),
    }),
  ],
  // OpenAI, Azure: "max_tokens is too large: 100000. This model supports at most 16384 completion tokens"
  [
    new RegExp(String.raw`([\w.]+) is too large: ${N}\. This model supports at most ${N}`, 'i'),
    ([, field, , max], complaint) => ({
      type: 'over-limit',
      path: pathOf(field, complaint),
      max: count(max),
    }),
  ],
  // OpenAI Responses: "Invalid 'max_output_tokens': integer above maximum value. Expected a value <= 128000, but got …"
  [
    new RegExp(String.raw`Invalid '([\w.[\]]+)': \w+ above maximum value\. Expected a value <= ${N}`, 'i'),
    ([, field, max], complaint) => ({ type: 'over-limit', path: pathOf(field, complaint), max: count(max) }),
  ],
  // Groq: "`max_tokens` must be less than or equal to `8192`"; Cohere: "max tokens must be less than or equal to 4096"
  [
    new RegExp(
      String.raw`\`?(max[_ ](?:completion_|output_)?tokens)\`? must be (?:less than or equal to|at most|<=) \`?${N}`,
      'i',
    ),
    ([, field = '', max]) => limit(field.replace(' ', '_'), max),
  ],
  // DeepSeek, Qwen: "the valid range of max_tokens is [1, 8192]", "Range of max_tokens should be [1, 8192]"
  [
    new RegExp(String.raw`range of (max_\w*tokens) (?:is|should be) \[\d+, ?${N}\]`, 'i'),
    ([, field = '', max]) => limit(field, max),
  ],
  // Vertex: "maxOutputTokens value of 100000 but the supported range is from 1 (inclusive) to 65537 (exclusive)"
  [
    new RegExp(
      String.raw`maxOutputTokens value of ${N} but the supported range is from \d+ \(inclusive\) to ${N} \((ex|in)clusive\)`,
      'i',
    ),
    ([, , max, kind]) => limit('maxOutputTokens', max, kind === 'ex' ? 1 : 0),
  ],
  // Bedrock: "The maximum tokens you requested exceeds the model limit of 4096"
  [
    new RegExp(String.raw`maximum tokens you requested exceeds the model limit of ${N}`, 'i'),
    ([, max], { protocol }) => limit(protocol === 'gemini' ? 'maxOutputTokens' : 'max_tokens', max),
  ],
  // OpenAI: "Invalid 'user': string too long. Expected a string with maximum length 64, but got a string with length 120"
  [
    new RegExp(
      String.raw`Invalid '([\w.[\]]+)': string too long\. Expected a string with maximum length ${N}`,
      'i',
    ),
    ([, field, max], complaint) => ({ type: 'too-long', path: pathOf(field, complaint), max: count(max) }),
  ],
  // Anthropic: "A maximum of 4 blocks with cache_control may be provided. Found 5."
  [/maximum of (\d+) blocks with cache_control/i, ([, max]) => ({ type: 'cache-marks', max: count(max) })],
);
