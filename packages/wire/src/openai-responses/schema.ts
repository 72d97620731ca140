import * as z from 'zod';

/**
 * What a Responses client may send. Unknown fields and unknown item types pass, `null` counts as absent; a known field
 * of the wrong type is an error that names its path.
 * Source: the OpenAI API reference and what Codex 0.169 sends (`additional_tools`, namespaces, `tool_search`).
 */

const text = z.string().nullish();

export const contentPartSchema = z.looseObject({
  type: z.string(),
  text,
  refusal: text,
  image_url: text,
  detail: text,
  file_id: text,
  file_url: text,
  file_data: text,
  filename: text,
});

/** Fields without which an item of a known type means nothing. */
const NEEDED: Record<string, readonly string[]> = {
  message: ['role'],
  function_call: ['call_id', 'name'],
  function_call_output: ['call_id', 'output'],
  custom_tool_call: ['call_id', 'name'],
  custom_tool_call_output: ['call_id', 'output'],
};

const ROLES = ['user', 'assistant', 'system', 'developer'];

/** One input or output item. Fields are shared by all types, so that an unknown type is checked as far as it is known. */
export const itemSchema = z
  .looseObject({
    type: text,
    id: text,
    role: text,
    phase: text,
    content: z.union([z.string(), z.array(contentPartSchema)]).nullish(),
    call_id: text,
    name: text,
    namespace: text,
    arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
    input: text,
    output: z.unknown().optional(),
    summary: z.array(z.looseObject({ text: text })).nullish(),
    encrypted_content: text,
    tools: z.array(z.record(z.string(), z.unknown())).nullish(),
  })
  // Not `superRefine`, which makes functions of its own for each item of a history.
  .check(({ value: item, issues }) => {
    const type = item.type ?? 'message';
    const needed = Object.hasOwn(NEEDED, type) ? NEEDED[type] : undefined;
    for (const field of needed ?? []) {
      if (item[field] === undefined || item[field] === null) {
        issues.push({ code: 'custom', input: item, path: [field], message: `a ${type} item needs it` });
      }
    }
    if (type === 'message' && item.role && !ROLES.includes(item.role)) {
      const message = `must be one of ${ROLES.join(', ')}`;
      issues.push({ code: 'custom', input: item, path: ['role'], message });
    }
  });

const toolReference = z.looseObject({ type: z.string(), name: text, namespace: text });

const toolChoice = z.union([
  z.enum(['auto', 'none', 'required']),
  z.looseObject({
    type: z.string(),
    name: text,
    namespace: text,
    mode: z.enum(['auto', 'required']).nullish(),
    tools: z.array(toolReference).nullish(),
    function: z.looseObject({ name: z.string() }).nullish(),
  }),
]);

const format = z.looseObject({
  type: z.string(),
  name: text,
  description: text,
  schema: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
});

export const responsesRequestSchema = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string(), z.array(itemSchema)]).nullish(),
  instructions: text,
  tools: z.array(z.record(z.string(), z.unknown())).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  max_output_tokens: z.number().int().positive().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  reasoning: z.looseObject({ effort: text, summary: text, generate_summary: text }).nullish(),
  text: z.looseObject({ format: format.nullish(), verbosity: text }).nullish(),
  stream: z.boolean().nullish(),
  store: z.boolean().nullish(),
  previous_response_id: text,
  service_tier: text,
  user: text,
  safety_identifier: text,
  prompt_cache_key: text,
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

export type ResponsesRequest = z.infer<typeof responsesRequestSchema>;
export type ResponsesItem = z.infer<typeof itemSchema>;
export type ResponsesContentPart = z.infer<typeof contentPartSchema>;
export type ResponsesToolChoice = z.infer<typeof toolChoice>;
