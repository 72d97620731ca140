import { EventStreamCodec } from '@smithy/eventstream-codec';

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
  (text) => Buffer.from(text, 'utf8'),
);

/** One frame of a ConverseStream, written by AWS's own library. `!` before the type: an exception. */
export function converseFrame(type: string, data: unknown): Uint8Array {
  const failed = type.startsWith('!');
  const text = (value: string) => ({ type: 'string', value }) as const;
  return codec.encode({
    headers: {
      [failed ? ':exception-type' : ':event-type']: text(failed ? type.slice(1) : type),
      ':content-type': text('application/json'),
      ':message-type': text(failed ? 'exception' : 'event'),
    },
    body: Buffer.from(JSON.stringify(data)),
  });
}

const usage = {
  inputTokens: 50,
  outputTokens: 20,
  totalTokens: 110,
  cacheReadInputTokens: 30,
  cacheWriteInputTokens: 10,
};

type Frame = [type: string, data: unknown];
const delta = (contentBlockIndex: number, change: unknown): Frame => [
  'contentBlockDelta',
  { contentBlockIndex, delta: change, p: 'abcdef' },
];
const stop = (contentBlockIndex: number): Frame => ['contentBlockStop', { contentBlockIndex }];
const end = (stopReason: string): Frame[] => [
  ['messageStop', { stopReason }],
  ['metadata', { usage, metrics: { latencyMs: 1 } }],
];

/** A turn that thinks and asks for a tool. */
export const callFrames = (signature: string, toolUseId: string, tool: string, input: string): Frame[] => [
  ['messageStart', { role: 'assistant' }],
  delta(0, { reasoningContent: { text: 'A look-up.' } }),
  delta(0, { reasoningContent: { signature } }),
  stop(0),
  ['contentBlockStart', { contentBlockIndex: 1, start: { toolUse: { toolUseId, name: tool } } }],
  delta(1, { toolUse: { input: input.slice(0, 4) } }),
  delta(1, { toolUse: { input: input.slice(4) } }),
  stop(1),
  ...end('tool_use'),
];

/** A turn that answers in text. */
export const textFrames = (words: readonly string[]): Frame[] => [
  ['messageStart', { role: 'assistant' }],
  ...words.map((text) => delta(0, { text })),
  stop(0),
  ...end('end_turn'),
];

/** The whole answers that say the same. */
export const wholeCall = (signature: string, toolUseId: string, name: string, input: unknown): object => ({
  output: {
    message: {
      role: 'assistant',
      content: [
        { reasoningContent: { reasoningText: { text: 'A look-up.', signature } } },
        { toolUse: { toolUseId, name, input } },
      ],
    },
  },
  stopReason: 'tool_use',
  usage,
  metrics: { latencyMs: 1 },
});

export const wholeText = (text: string): object => ({
  output: { message: { role: 'assistant', content: [{ text }] } },
  stopReason: 'end_turn',
  usage,
  metrics: { latencyMs: 1 },
});
