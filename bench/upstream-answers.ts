/** Answers as the two providers write them, made once. Usage is always there: the ledger must have it. */
const words = Array.from({ length: 48 }, (_, at) => `word${at} `);

export const chatAnswer = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: 'bench',
    choices: [{ index: 0, message: { role: 'assistant', content: 'x'.repeat(700) }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 200, completion_tokens: 180, total_tokens: 380 },
  }),
);

const chatChunk = (delta: unknown, finish: string | null, usage?: unknown) =>
  Buffer.from(
    `data: ${JSON.stringify({
      id: 'chatcmpl-bench',
      object: 'chat.completion.chunk',
      created: 1_790_000_000,
      model: 'bench',
      choices: usage ? [] : [{ index: 0, delta, finish_reason: finish }],
      ...(usage ? { usage } : {}),
    })}\n\n`,
  );

export const chatChunks: Buffer[] = [
  chatChunk({ role: 'assistant', content: '' }, null),
  ...words.map((content) => chatChunk({ content }, null)),
  Buffer.concat([
    chatChunk({}, 'stop'),
    chatChunk({}, null, { prompt_tokens: 200, completion_tokens: 48, total_tokens: 248 }),
    Buffer.from('data: [DONE]\n\n'),
  ]),
];

export const messagesAnswer = Buffer.from(
  JSON.stringify({
    id: 'msg_bench',
    type: 'message',
    role: 'assistant',
    model: 'bench',
    content: [{ type: 'text', text: 'x'.repeat(700) }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 200, output_tokens: 180 },
  }),
);

const event = (data: { type: string } & Record<string, unknown>) =>
  Buffer.from(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);

export const messagesChunks: Buffer[] = [
  Buffer.concat([
    event({
      type: 'message_start',
      message: {
        id: 'msg_bench',
        type: 'message',
        role: 'assistant',
        model: 'bench',
        content: [],
        stop_reason: null,
        usage: { input_tokens: 200, output_tokens: 1 },
      },
    }),
    event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
  ]),
  ...words.map((text) =>
    event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
  ),
  Buffer.concat([
    event({ type: 'content_block_stop', index: 0 }),
    event({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 48 },
    }),
    event({ type: 'message_stop' }),
  ]),
];
