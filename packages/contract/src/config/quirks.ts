import { z } from 'zod';

/** How a server differs from what its type usually takes. Absent: as its type says. */
export const QuirksConfig = z.strictObject({
  developer_role: z.boolean().optional().meta({ description: 'Chat: takes the role developer.' }),
  max_completion_tokens: z.boolean().optional().meta({
    description: 'Chat: the limit is called max_completion_tokens instead of max_tokens.',
  }),
  reasoning_field: z.enum(['reasoning_content', 'reasoning', 'none']).optional().meta({
    description: 'Chat: the field in which thinking goes back into the history; none: it is left out.',
  }),
  reasoning_effort: z.boolean().optional().meta({ description: 'Takes an effort, for every model.' }),
  stream_usage: z.boolean().optional().meta({ description: 'Chat: takes stream_options.' }),
  images: z.boolean().optional(),
  parallel_tool_calls: z.boolean().optional().meta({ description: 'Chat: takes parallel_tool_calls.' }),
  json_schema: z.boolean().optional().meta({ description: 'Chat: takes response_format json_schema.' }),
  short_call_ids: z.boolean().optional().meta({
    description: 'Chat: ids of calls must be exactly nine letters and digits.',
  }),
  strict_tools: z.boolean().optional().meta({
    description: 'Takes strict on tools. Absent: OpenAI, and Claude from 4.5 on as far as its schemas allow.',
  }),
  function_tools_only: z.boolean().optional().meta({
    description: 'Responses: takes plain function tools only.',
  }),
});
export type QuirksConfig = z.output<typeof QuirksConfig>;
