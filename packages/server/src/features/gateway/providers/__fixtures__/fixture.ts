/** What a vendor's door lets in. A request that breaks a rule gets the vendor's kind of refusal. */
export interface Door {
  /** Below the origin. */
  path: string;
  /** Header that carries the key `k`, and how. */
  key: readonly [name: string, value: string];
  /** Every top-level field it knows; anything else is refused. */
  fields: readonly string[];
  /** Roles it knows. */
  roles?: readonly string[];
  /** Fields of a message it knows. */
  messageFields?: readonly string[];
  callIds?: RegExp;
  /** Thinking models refuse a history whose calls come without their thinking. */
  thinkingWithCalls?: 'reasoning_content';
  /** Kinds of tools it knows. */
  tools?: readonly string[];
}

/** One vendor as its documentation shows it. */
export interface ProviderFixture {
  type: string;
  /** Where the vendor says so. */
  docs: readonly string[];
  model: string;
  door: Door;
  /** A streamed answer, event by event: it calls `shell` with `{"command":["ls"]}`. */
  stream: readonly string[];
  /** Input tokens (cached ones included), output tokens, and those of the input that came from a cache. */
  usage: readonly [input: number, output: number, cached: number | null];
  /** What it thought aloud, if anything. */
  thinking?: string;
  error: { status: number; body: unknown; kind: string };
}

const common = ['model', 'messages', 'stream', 'tools', 'tool_choice', 'response_format', 'temperature', 'top_p'];

/** The top-level fields of a Chat door: those everybody has, and more. */
export const chatFields = (...more: string[]): readonly string[] => [...common, ...more];

export const bearer = ['authorization', 'Bearer k'] as const;

/** Chat's stream events from their deltas; the last may be a whole chunk with usage. */
export function chatEvents(deltas: readonly object[], ...last: readonly object[]): string[] {
  const chunk = (body: object) =>
    `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', ...body })}\n\n`;
  return [
    ...deltas.map((delta) => chunk({ choices: [{ index: 0, delta, finish_reason: null }] })),
    ...last.map(chunk),
    'data: [DONE]\n\n',
  ];
}

/** A call in one piece. */
export const wholeCall = (id: string, more: object = { index: 0 }) => ({
  tool_calls: [{ ...more, id, type: 'function', function: { name: 'shell', arguments: '{"command":["ls"]}' } }],
});

/** A call in three pieces, as OpenAI streams it. */
export const callInPieces = (id: string): object[] => [
  { tool_calls: [{ index: 0, id, type: 'function', function: { name: 'shell', arguments: '' } }] },
  { tool_calls: [{ index: 0, function: { arguments: '{"command":' } }] },
  { tool_calls: [{ index: 0, function: { arguments: '["ls"]}' } }] },
];

export const calls = (more: object = {}) => ({
  choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }],
  ...more,
});
