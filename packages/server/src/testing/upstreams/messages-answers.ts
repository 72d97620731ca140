/** Anthropic Messages answers as Anthropic writes them. */

const event = (type: string, more: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;

const usage = {
  input_tokens: 60,
  cache_read_input_tokens: 40,
  cache_creation_input_tokens: 0,
  output_tokens: 1,
};

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'mock',
  content: [] as object[],
  stop_reason: null as string | null,
  stop_sequence: null,
  usage,
};

/** A streamed text answer. */
export function messagesStream(words: readonly string[]): string[] {
  return [
    event('message_start', { message }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    event('ping', {}),
    ...words.map((text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })),
    event('content_block_stop', { index: 0 }),
    event('message_delta', {
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 20 },
    }),
    event('message_stop', {}),
  ];
}

/** A whole answer. */
export const messagesAnswer = (text: string) => ({
  ...message,
  content: [{ type: 'text', text }],
  stop_reason: 'end_turn',
  usage: { ...usage, output_tokens: 20 },
});
