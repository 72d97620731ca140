import * as z from 'zod';

/**
 * What a Messages client may send, `count_tokens` included (the same without `max_tokens`). Unknown fields and block
 * types pass, `null` counts as absent; a known field of the wrong type is an error that names its path.
 * Source: the Anthropic API reference.
 */

const cacheControlSchema = z.looseObject({ type: z.string(), ttl: z.string().nullish() });

const sourceSchema = z.looseObject({
  type: z.string(),
  media_type: z.string().nullish(),
  data: z.string().nullish(),
  url: z.string().nullish(),
  file_id: z.string().nullish(),
  content: z.unknown().optional(),
});

/** Fields a block of a known type cannot do without. */
const NEEDED: Record<string, readonly string[]> = {
  text: ['text'],
  image: ['source'],
  document: ['source'],
  search_result: ['source', 'content'],
  tool_use: ['id', 'name'],
  tool_result: ['tool_use_id'],
  thinking: ['thinking'],
  redacted_thinking: ['data'],
};

function needFields(block: Record<string, unknown>, context: z.core.$RefinementCtx): void {
  for (const field of NEEDED[String(block.type)] ?? []) {
    if (block[field] === undefined || block[field] === null) {
      context.addIssue({ code: 'custom', path: [field], message: `a ${String(block.type)} block needs it` });
    }
  }
  if (typeof block.source === 'string' && (block.type === 'image' || block.type === 'document')) {
    context.addIssue({ code: 'custom', path: ['source'], message: 'expected object, received string' });
  }
}

const blockFields = {
  type: z.string(),
  text: z.string().nullish(),
  /** A place, or what a search result names as its own. */
  source: z.union([z.string(), sourceSchema]).nullish(),
  title: z.string().nullish(),
  content: z.unknown().optional(),
  cache_control: cacheControlSchema.nullish(),
};

/** A block inside a tool result. */
const innerBlockSchema = z.looseObject(blockFields).superRefine(needFields);

const blockSchema = z
  .looseObject({
    ...blockFields,
    id: z.string().nullish(),
    name: z.string().nullish(),
    input: z.unknown().optional(),
    tool_use_id: z.string().nullish(),
    is_error: z.boolean().nullish(),
    thinking: z.string().nullish(),
    signature: z.string().nullish(),
    data: z.string().nullish(),
  })
  .superRefine((block, context) => {
    needFields(block, context);
    if (block.type !== 'tool_result' || block.content === undefined || block.content === null) return;
    if (typeof block.content === 'string') return;
    const read = z.array(innerBlockSchema).safeParse(block.content);
    for (const issue of read.error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: ['content', ...issue.path], message: issue.message });
    }
  });

const textBlockSchema = z.looseObject(blockFields).superRefine(needFields);

const messageSchema = z.looseObject({
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: z.union([z.string(), z.array(blockSchema)]),
});

export const toolSchema = z.looseObject({
  type: z.string().nullish(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  input_schema: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
  cache_control: cacheControlSchema.nullish(),
});

const jsonFormat = z.looseObject({ type: z.string(), schema: z.record(z.string(), z.unknown()).nullish() });

export const messagesRequestSchema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(messageSchema),
  system: z.union([z.string(), z.array(textBlockSchema)]).nullish(),
  max_tokens: z.number().int().nonnegative().nullish(),
  tools: z.array(toolSchema).nullish(),
  tool_choice: z
    .looseObject({
      type: z.string(),
      name: z.string().nullish(),
      disable_parallel_tool_use: z.boolean().nullish(),
    })
    .nullish(),
  thinking: z
    .looseObject({ type: z.string(), budget_tokens: z.number().int().positive().nullish() })
    .nullish(),
  output_config: z.looseObject({ effort: z.string().nullish(), format: jsonFormat.nullish() }).nullish(),
  output_format: jsonFormat.nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_k: z.number().nullish(),
  stop_sequences: z.array(z.string()).nullish(),
  stream: z.boolean().nullish(),
  metadata: z.looseObject({ user_id: z.string().nullish() }).nullish(),
  service_tier: z.string().nullish(),
  cache_control: cacheControlSchema.nullish(),
});

export type MessagesRequest = z.infer<typeof messagesRequestSchema>;
export type MessagesMessage = z.infer<typeof messageSchema>;
export type MessagesBlock = z.infer<typeof blockSchema>;
export type MessagesInnerBlock = z.infer<typeof innerBlockSchema>;
export type MessagesTool = z.infer<typeof toolSchema>;
