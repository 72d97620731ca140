import { quoted } from '../read-fault.ts';
import { whenSaid, type Rule } from './rule.ts';
import type { Feature, Reason } from '../reason.ts';

const feature = (name: Feature): Reason => ({ type: 'unsupported-feature', feature: name });

/** What a model or server cannot do at all. Most of it is not ours to leave out. */
export const featureRule: Rule = whenSaid(
  // Ollama, OpenRouter, Bedrock, Together, vLLM and llama.cpp in turn.
  [
    /does(?:n't| not) support (?:tools?\b(?!_| choice)|tool (?:use|calling)|function calling)|No endpoints found that support tool use|(?:tool use|tool calling|function calling) is not (?:supported|enabled)|tools param requires --jinja|Unsupported param: tools|requires --enable-auto-tool-choice/i,
    () => feature('tools'),
  ],
  [
    /does(?:n't| not) support (?:image|vision|multimodal)|No endpoints found that support image|image input is not supported|unknown variant `image_url`|image_url is (?:only supported|not supported)|is not a multimodal model/i,
    () => feature('images'),
  ],
  [/assistant message prefill|must end with a user message/i, () => feature('prefill')],
  // Groq, OpenAI, DeepSeek, Fireworks.
  [
    /response.?format.{0,60}json_schema.{0,80}(?:not supported|unsupported|unavailable)|does not support response format .?json_schema|json_schema.{0,40}(?:is not supported|not supported with this model|is unavailable)|This response_format type is unavailable/is,
    () => feature('json-schema'),
  ],
  // LM Studio: "'response_format.type' must be 'json_schema' or 'text'"
  [/response_format\.type' must be 'json_schema'/i, () => feature('json-object')],
  [
    /json_object.{0,60}(?:is not supported|unsupported|not supported with this model)/is,
    () => feature('json-object'),
  ],
  // Gemini: "Function calling with a response mime type: 'application/json' is unsupported"
  [/Function calling with a response mime type.{0,40}unsupported/i, () => feature('json-schema')],
  // DeepSeek, Qwen, Moonshot, Mistral.
  [
    /does not support (?:this )?tool_?[ _]?choice|tool_choice parameter does not support|tool_choice.{0,60}(?:is incompatible with|is not supported|not supported|must be (?:'|")?auto)/is,
    () => feature('tool-choice'),
  ],
  // Anthropic: "Thinking may not be enabled when tool_choice forces tool use."
  [
    /Thinking may not be enabled when tool_choice/i,
    () => ({ type: 'conflict', keep: ['tool_choice'], path: ['thinking'] }),
  ],
  // Cerebras: "Tools with mixed values for 'strict' are not allowed"; OpenAI: "Invalid schema for function 'f': …"
  [/mixed values for 'strict'/i, () => ({ type: 'strict-schema' })],
  [
    /In context=\([^)]*\), '(\w+)' is not permitted/,
    ([, keyword = '']) => [{ type: 'schema-keyword', keyword }, { type: 'strict-schema' }],
  ],
  [
    /Invalid schema for function[^\n]{0,200}(?:additionalProperties|'required' is required|Extra required key)/i,
    () => ({ type: 'strict-schema' }),
  ],
  // Anthropic, of what `strict` would have it compile.
  [
    /tools\.\d+\.custom: For '\w+' type, propert(?:y|ies) .{1,200}(?:is|are) not supported/i,
    () => ({ type: 'strict-schema' }),
  ],
  [
    /Schema is too complex for compilation|too many (?:optional parameters|strict tools)/i,
    () => ({ type: 'strict-schema' }),
  ],
  [
    /Unsupported JSON schema fields: \{([^}]{1,300})\}/i,
    ([, fields = '']) => quoted(fields).map((keyword): Reason => ({ type: 'schema-keyword', keyword })),
  ],
);
