/** Chat Completions answers as a real provider writes them. */

const chunk = (choice: object | null, more: object = {}): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'mock',
    choices: choice ? [{ index: 0, finish_reason: null, ...choice }] : [],
    ...more,
  })}\n\n`;

const chatUsage = {
  prompt_tokens: 100,
  completion_tokens: 20,
  total_tokens: 120,
  prompt_tokens_details: { cached_tokens: 40 },
};

/** A streamed answer, one piece an event, with usage at its end. */
export function chatStream(words: readonly string[]): string[] {
  return [
    chunk({ delta: { role: 'assistant', content: '' } }),
    ...words.map((content) => chunk({ delta: { content } })),
    chunk({ delta: {}, finish_reason: 'stop' }),
    chunk(null, { usage: chatUsage }),
    'data: [DONE]\n\n',
  ];
}

/** A whole answer. */
export const chatCompletion = (content: string) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'mock',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage: chatUsage,
});
