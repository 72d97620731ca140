import { protocols, type AnswerContext, type ProtocolName, type TurnEvent } from '@vigiles/wire';

/** Events of a turn that calls a tool after a signed thought, or that answers in text. */
function events(
  issuer: string,
  call: { name: string; input: string } | undefined,
  text: string,
): TurnEvent[] {
  const usage = { inputTokens: 90, outputTokens: 20, cachedInputTokens: 30 };
  const start: TurnEvent = { type: 'start', id: 'turn_1', model: 'm', createdAt: 1_700_000_000 };
  if (!call) {
    return [
      start,
      { type: 'text-start', index: 0 },
      { type: 'text-delta', index: 0, text: text.slice(0, 3) },
      { type: 'text-delta', index: 0, text: text.slice(3) },
      { type: 'text-end', index: 0 },
      { type: 'finish', reason: 'stop', usage },
    ];
  }
  const signature = { issuer, kind: 'signature', data: 'c2lnbmVkIHRob3VnaHQ=' } as const;
  const { name, input } = call;
  // Gemini signs the call, Anthropic the thinking before it.
  const signed = issuer === 'gemini' ? { signature } : {};
  return [
    start,
    { type: 'reasoning-start', index: 0 },
    { type: 'reasoning-delta', index: 0, channel: 'text', part: 0, text: 'A look-up.' },
    { type: 'reasoning-end', index: 0, ...(issuer === 'anthropic' && { signature }) },
    { type: 'tool-call-start', index: 1, kind: 'function', id: 'call_abcdefgh', name, ...signed },
    { type: 'tool-call-delta', index: 1, text: input },
    { type: 'tool-call-end', index: 1, input, ...signed },
    { type: 'finish', reason: 'tool-calls', usage },
  ];
}

/** What a provider of a protocol streams: the call of a tool, or words. */
export function spokenStream(
  protocol: ProtocolName,
  call: { name: string; input: string } | undefined,
  text: string,
): string {
  const issuer = protocol === 'anthropic-messages' ? 'anthropic' : protocol;
  let count = 0;
  const context: AnswerContext = {
    model: 'm',
    issuer,
    newId: (prefix) => `${prefix}_${++count}`,
    nowSeconds: () => 1_700_000_000,
    request: { model: 'm', messages: [], tools: [], stream: true, includeUsage: true },
  };
  const encoder = protocols[protocol].createStreamEncoder(context);
  return events(issuer, call, text)
    .map((event) => encoder.push(event))
    .join('');
}
