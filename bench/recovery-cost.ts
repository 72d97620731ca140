import {
  createSseParser,
  createToolCallRecovery,
  protocols,
  type TurnEvent,
  type TurnRequest,
} from '@vigiles/wire';
import { median } from './statistics.ts';
import type { Row } from './table.ts';
import { chatChunks } from './upstream-answers.ts';

const rounds = 600;
const streamsPerRound = 25;
const most = 1.05;

const chunk = (delta: unknown, finish: string | null = null) =>
  Buffer.from(
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
  );
const ended = (finish: string) => Buffer.concat([chunk({}, finish), Buffer.from('data: [DONE]\n\n')]);

const answer = `Here is what I found in the project.\n\n- The server starts in main.ts, and reads its settings once.\n- Tests sit beside the code (see the README).\n\nThe part that fails is the parser: it takes the first colon it meets. I would change it like this, and then run the tests again to be sure that nothing else breaks.`;
const prose = [
  chunk({ role: 'assistant', content: '' }),
  ...(answer.match(/[\s\S]{1,8}/g) ?? []).map((content) => chunk({ content })),
  ended('stop'),
];

const args = JSON.stringify({ path: 'src/server/main.ts', line: 120, raw: false, note: 'x'.repeat(150) });
const call = { index: 0, id: 'call_1', type: 'function', function: { name: 'read_file', arguments: '' } };
const native = [
  chunk({ role: 'assistant', tool_calls: [call] }),
  ...(args.match(/.{1,5}/g) ?? []).map((part) =>
    chunk({ tool_calls: [{ index: 0, function: { arguments: part } }] }),
  ),
  ended('tool_calls'),
];

/** Twelve tools, as a coding agent declares them. */
const tools: TurnRequest['tools'] = Array.from({ length: 12 }, (_, at) => ({
  kind: 'function',
  name: at === 0 ? 'read_file' : `tool_${at}`,
  parameters: {
    type: 'object',
    properties: {
      path: { type: 'string' },
      line: { type: 'integer' },
      raw: { type: 'boolean' },
      note: { type: 'string' },
    },
    required: ['path'],
  },
}));

/** The time of translating a stream so many times, in ms: nothing in it waits, so it is the CPU's. */
function translate(chunks: readonly Buffer[], recovers: boolean): number {
  const decoded = protocols['anthropic-messages'].decodeRequest({
    model: 'm',
    max_tokens: 9,
    messages: [{ role: 'user', content: 'hi' }],
  });
  if (!decoded.ok) throw new Error(decoded.error.message);
  const context = {
    model: 'm',
    issuer: 'p',
    newId: (prefix: string) => `${prefix}_1`,
    nowSeconds: () => 1,
    request: decoded.value,
  };
  const { names } = protocols['openai-chat'].encodeRequest(
    { ...decoded.value, tools },
    { model: 'm', issuer: 'p' },
  );
  let written = 0;
  const before = performance.now();
  for (let stream = 0; stream < streamsPerRound; stream += 1) {
    const parser = createSseParser();
    const decoder = protocols['openai-chat'].createStreamDecoder({ ...context, names });
    const encoder = protocols['anthropic-messages'].createStreamEncoder(context);
    const encode = (event: TurnEvent) => encoder.push(event).length;
    const recovery = recovers ? createToolCallRecovery({ tools, newId: context.newId }) : undefined;
    for (const data of chunks)
      for (const event of parser.push(data))
        for (const told of decoder.push(event)) {
          if (!recovery || recovery.passes(told)) written += encode(told);
          else for (const more of recovery.push(told)) written += encode(more);
        }
    if (recovery && recovery.repairs().length > 0) throw new Error('a clean stream was repaired');
  }
  if (written === 0) throw new Error('nothing was written');
  return performance.now() - before;
}

/**
 * Short rounds in turn, with and without; of each the faster half counts, when nobody else had the core. A ratio of
 * two rounds says more of the neighbours than of the code.
 */
function ratioOf(chunks: readonly Buffer[]): { ratio: number; without: number; all: number } {
  for (let warm = 0; warm < 60; warm += 1) translate(chunks, warm % 2 === 0);
  const seen = { with: [] as number[], without: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    // In turn first and second, so that neither gains from its place.
    for (const recovers of round % 2 === 0 ? [true, false] : [false, true])
      (recovers ? seen.with : seen.without).push(translate(chunks, recovers));
  }
  const without = lowest(seen.without);
  return {
    ratio: lowest(seen.with) / without,
    without,
    all: median(seen.with) / median(seen.without),
  };
}

const lowest = (values: readonly number[]): number =>
  median(values.toSorted((one, two) => one - two).slice(0, Math.ceil(values.length / 2)));

/** CPU of translating a stream of 50 chunks with the recovery of tool calls ÷ without, in one process, paired. */
export function recoveryCostRows(wanted: (title: string) => boolean): Row[] {
  const streams = { words: chatChunks, prose, 'a native call': native };
  return Object.entries(streams)
    .map(([name, chunks]) => ({ title: `recovery of calls, ${name}: CPU with ÷ without`, chunks }))
    .filter(({ title }) => wanted(title))
    .map(({ title, chunks }) => {
      const { ratio, without, all } = ratioOf(chunks);
      const each = ((without / streamsPerRound) * 1000).toFixed(0);
      return {
        title,
        measured: ratio,
        target: `≤ ${most}`,
        met: ratio <= most,
        detail: `${each} µs a stream of ${chunks.length} chunks without; medians of ${rounds} rounds: ${all.toFixed(3)}`,
      };
    });
}
