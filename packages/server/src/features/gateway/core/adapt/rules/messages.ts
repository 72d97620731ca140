import { whenSaid, type Rule } from './rule.ts';
import type { Reason } from '../reason.ts';

const role = (name: string | undefined): Reason | undefined =>
  name === undefined ? undefined : { type: 'unsupported-role', role: name };

/** Who may speak, in which order, and in which form. */
export const messageRule: Rule = whenSaid(
  // OpenAI: "Unsupported value: 'messages[0].role' does not support 'developer' with this model."
  [/'(?:messages|input)\[\d+\]\.role' does not support '(\w+)'/i, ([, name]) => role(name)],
  // OpenAI's dialects: "Invalid value: 'developer'. Supported values are: 'system', 'assistant', 'user', 'function', and 'tool'."
  [/Invalid value: '(\w+)'\. Supported values are: [^\n]*'assistant'/i, ([, name]) => role(name)],
  // DeepSeek and other Rust servers: "messages[0].role: unknown variant `developer`, expected one of `system`, `user` …"
  [/role: unknown variant `(\w+)`/i, ([, name]) => role(name)],
  [/unknown variant `(\w+)`, expected one of [^\n]*`assistant`/i, ([, name]) => role(name)],
  // Groq: "'messages.0' : discriminator property 'role' has invalid value"
  [/discriminator property 'role' has invalid value/i, () => role('developer')],
  // Mistral: "Input tag 'developer' found using 'role' does not match any of the expected tags"
  [/Input tag '(\w+)' found using .{0,20}role/i, ([, name]) => role(name)],
  // Anthropic: `messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter`
  [
    /Unexpected role ["'`](\w+)["'`]/i,
    ([, name], { text }) => (/after role/i.test(text) ? undefined : role(name)),
  ],
  // Templates of Hugging Face: "Unexpected message role.", "Only user, assistant and system roles are supported"
  [
    /Unexpected message role|Unsupported role|invalid role|unknown role/i,
    ({ input }) => role(/developer/.test(input) ? 'developer' : undefined) ?? role('developer'),
  ],
  [
    /System role not supported|does not support system (?:messages|prompts?|role)|Developer instruction is not enabled/i,
    () => role('system'),
  ],
  [
    /system messages? (?:must be|should be|is only allowed|are only allowed) (?:at|in) the (?:beginning|start|first)|system message must be (?:the )?first|role 'system' must precede/i,
    () => ({ type: 'system-first' }),
  ],
  [
    /roles? must alternate|alternate between user and assistant|multiple (?:user|assistant) roles? in a row/i,
    () => ({ type: 'roles-alternate' }),
  ],
  // DeepSeek, Moonshot: a thinking model wants its thoughts back with every call it made.
  [
    /reasoning_content\b.{0,80}(?:must be passed back|is missing in assistant)|(?:missing|must include|required).{0,60}reasoning_content/is,
    () => ({ type: 'missing-field', path: ['messages', 0, 'reasoning_content'] }),
  ],
  // A content made of parts where the server wants plain text: DeepSeek, Groq, Ollama and vLLM in turn.
  [
    /content: invalid type: sequence, expected a string|content' : value must be a string|cannot unmarshal array into Go struct field \S*content|content\S{0,3}: Input should be a valid string|content must be a string/i,
    () => ({ type: 'wrong-type', path: ['messages', 0, 'content'], expected: 'string' }),
  ],
  [
    /content: invalid type: null|content[^\n]{0,40}(?:got null|must not be null|cannot be null|expected a string, got null|should not be null)|Invalid value for 'content': expected a string, got null/i,
    () => ({ type: 'wrong-type', path: ['messages', 0, 'content'], expected: 'not-null' }),
  ],
);
