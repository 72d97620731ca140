import * as z from 'zod';

/**
 * What a Chat Completions client may send. Unknown fields pass, `null` counts as absent; a known field of the wrong
 * type is an error that names its path.
 * Source: the OpenAI API reference, plus `reasoning_content`, `reasoning` and `cache_control` as other vendors use them.
 */

const cacheControl = z.looseObject({ type: z.string(), ttl: z.string().nullish() });

/** Fields a content part of a known type cannot do without. */
const NEEDED: Record<string, string> = {
  text: 'text',
  refusal: 'refusal',
  image_url: 'image_url',
  file: 'file',
};

const contentPartSchema = z
  .looseObject({
    type: z.string(),
    text: z.string().nullish(),
    refusal: z.string().nullish(),
    image_url: z
      .union([z.string(), z.looseObject({ url: z.string(), detail: z.string().nullish() })])
      .nullish(),
    file: z
      .looseObject({
        file_data: z.string().nullish(),
        file_id: z.string().nullish(),
        filename: z.string().nullish(),
      })
      .nullish(),
    cache_control: cacheControl.nullish(),
  })
  .superRefine((part, context) => {
    const field = NEEDED[part.type];
    if (field !== undefined && (part[field] === undefined || part[field] === null)) {
      context.addIssue({ code: 'custom', path: [field], message: `a ${part.type} part needs it` });
    }
  });

const content = z.union([z.string(), z.array(contentPartSchema)]).nullish();

const functionCall = z.looseObject({
  name: z.string(),
  arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
});

const toolCallSchema = z
  .looseObject({
    id: z.string().nullish(),
    type: z.string().nullish(),
    function: functionCall.nullish(),
    custom: z.looseObject({ name: z.string(), input: z.string().nullish() }).nullish(),
    extra_content: z.unknown().optional(),
  })
  .superRefine((call, context) => {
    const field = call.type === 'custom' ? 'custom' : 'function';
    if (!call[field])
      context.addIssue({ code: 'custom', path: [field], message: `a ${field} call needs it` });
  });

const messageSchema = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content,
  name: z.string().nullish(),
  refusal: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  reasoning: z.unknown().optional(),
  tool_calls: z.array(toolCallSchema).nullish(),
  function_call: functionCall.nullish(),
  tool_call_id: z.string().nullish(),
});

const functionDefinition = z.looseObject({
  name: z.string().nullish(),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
});

const toolSchema = z.looseObject({
  type: z.string().nullish(),
  function: functionDefinition.nullish(),
  custom: z
    .looseObject({
      name: z.string().nullish(),
      description: z.string().nullish(),
      format: z
        .looseObject({
          type: z.string(),
          grammar: z.looseObject({ syntax: z.string(), definition: z.string() }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
  cache_control: cacheControl.nullish(),
});

const named = z.looseObject({ name: z.string() });

const toolChoiceSchema = z.union([
  z.string(),
  z.looseObject({
    type: z.string().nullish(),
    function: named.nullish(),
    custom: named.nullish(),
    allowed_tools: z
      .looseObject({ mode: z.string().nullish(), tools: z.array(z.record(z.string(), z.unknown())) })
      .nullish(),
  }),
]);

const number = z.number().nullish();

export const chatRequestSchema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(messageSchema),
  tools: z.array(toolSchema).nullish(),
  tool_choice: toolChoiceSchema.nullish(),
  functions: z.array(functionDefinition).nullish(),
  function_call: z.union([z.string(), named]).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  max_tokens: z.number().int().positive().nullish(),
  max_completion_tokens: z.number().int().positive().nullish(),
  temperature: number,
  top_p: number,
  top_k: number,
  frequency_penalty: number,
  presence_penalty: number,
  seed: number,
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  reasoning_effort: z.string().nullish(),
  reasoning: z
    .looseObject({
      effort: z.string().nullish(),
      max_tokens: z.number().int().positive().nullish(),
      enabled: z.boolean().nullish(),
    })
    .nullish(),
  response_format: z
    .looseObject({
      type: z.string(),
      json_schema: z
        .looseObject({
          name: z.string().nullish(),
          description: z.string().nullish(),
          schema: z.record(z.string(), z.unknown()).nullish(),
          strict: z.boolean().nullish(),
        })
        .nullish(),
    })
    .nullish(),
  verbosity: z.string().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  service_tier: z.string().nullish(),
  user: z.string().nullish(),
  safety_identifier: z.string().nullish(),
  prompt_cache_key: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  store: z.boolean().nullish(),
});

export type ChatRequest = z.infer<typeof chatRequestSchema>;
export type ChatMessage = z.infer<typeof messageSchema>;
export type ChatContentPart = z.infer<typeof contentPartSchema>;
export type ChatToolCall = z.infer<typeof toolCallSchema>;
export type ChatTool = z.infer<typeof toolSchema>;
export type ChatToolChoice = z.infer<typeof toolChoiceSchema>;
