const prompt = (bytes: number) =>
  'Explain this in one sentence. '.repeat(Math.ceil(bytes / 30)).slice(0, bytes);

export interface Scenario {
  title: string;
  /** What the client of the gateway sends. */
  path: string;
  body: string;
  /** What the bare pipe carries in its place: the same prompt as Chat Completions. */
  baselineBody: string;
  connections: number;
  /** Least ratio of requests per second, gateway ÷ bare pipe. */
  least: number;
  /** Greatest ratio of the p50 latency, where there is one. */
  mostP50?: number;
  /** Greatest time to first byte added at p50 on one connection, in ms. */
  mostAddedFirstByteMs?: number;
}

const chat = (bytes: number, stream: boolean) =>
  JSON.stringify({
    model: 'bench',
    messages: [{ role: 'user', content: prompt(bytes) }],
    stream,
    ...(stream ? { stream_options: { include_usage: true } } : {}),
  });
const messages = (bytes: number, stream: boolean) =>
  JSON.stringify({
    model: 'bench',
    max_tokens: 1000,
    messages: [{ role: 'user', content: prompt(bytes) }],
    stream,
  });
const responses = (bytes: number, stream: boolean) =>
  JSON.stringify({
    model: 'bench',
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: prompt(bytes) }] }],
    stream,
    // As Codex does; without it the answer is kept for `previous_response_id`.
    store: false,
  });

/** The targets of the gateway, one row each. */
export const scenarios: readonly Scenario[] = [
  {
    title: 'chat passed through, 1 KB',
    path: '/v1/chat/completions',
    body: chat(900, false),
    baselineBody: chat(900, false),
    connections: 32,
    least: 0.75,
    mostP50: 1.5,
  },
  {
    title: 'chat passed through, 50-chunk stream',
    path: '/v1/chat/completions',
    body: chat(900, true),
    baselineBody: chat(900, true),
    connections: 32,
    least: 0.85,
    mostAddedFirstByteMs: 1,
  },
  {
    title: 'Messages → Chat, 1 KB',
    path: '/v1/messages',
    body: messages(900, false),
    baselineBody: chat(900, false),
    connections: 32,
    least: 0.6,
  },
  {
    title: 'Responses → Chat, 1 KB',
    path: '/v1/responses',
    body: responses(900, false),
    baselineBody: chat(900, false),
    connections: 32,
    least: 0.6,
  },
  {
    title: 'Messages → Chat, 50-chunk stream',
    path: '/v1/messages',
    body: messages(900, true),
    baselineBody: chat(900, true),
    connections: 32,
    least: 0.85,
    mostAddedFirstByteMs: 1,
  },
  {
    title: 'Responses → Chat, 50-chunk stream',
    path: '/v1/responses',
    body: responses(900, true),
    baselineBody: chat(900, true),
    connections: 32,
    least: 0.85,
    mostAddedFirstByteMs: 1,
  },
  {
    title: 'chat passed through, 40 KB',
    path: '/v1/chat/completions',
    body: chat(40_000, false),
    baselineBody: chat(40_000, false),
    connections: 32,
    least: 0.7,
  },
  {
    title: 'Messages → Chat, 40 KB',
    path: '/v1/messages',
    body: messages(40_000, false),
    baselineBody: chat(40_000, false),
    connections: 32,
    least: 0.28,
  },
  {
    title: 'Responses → Chat, 40 KB',
    path: '/v1/responses',
    body: responses(40_000, false),
    baselineBody: chat(40_000, false),
    connections: 32,
    least: 0.28,
  },
  {
    title: 'chat passed through, 1 MB',
    path: '/v1/chat/completions',
    body: chat(1_000_000, false),
    baselineBody: chat(1_000_000, false),
    connections: 8,
    least: 0.7,
  },
];
