import type { ReplayReport, TurnRecord } from '@vigiles/contract';
import {
  createSseParser,
  createToolCallRecovery,
  protocols,
  providerProtocols,
  type DecodeContext,
  type ProtocolName,
  type ProviderProtocolName,
  type TargetQuirks,
  type ToolCallRecovery,
  type TurnEvent,
  type TurnRequest,
} from '@vigiles/wire';
import { responseEvents } from '../response-events.ts';
import { differences } from './differences.ts';

type Answer = NonNullable<ReplayReport['answer']>;

/**
 * Sends a recorded turn through the translation once more, without any network: what would be sent, what the recorded
 * answer means, and where both differ from what was recorded.
 */
export function replayTurn(record: TurnRecord, quirks: TargetQuirks | undefined): ReplayReport {
  const report: ReplayReport = {
    would_send: null,
    sent_differences: [],
    answer: null,
    answer_differences: [],
    notes: [],
  };
  const { turn, content } = record;
  const client = turn.client_protocol as ProtocolName;
  const provider = turn.provider_protocol as ProviderProtocolName;
  if (!content) {
    report.notes.push('The record holds no bodies: gateway.store_prompts was off.');
    return report;
  }
  if (!(client in protocols) || !(provider in providerProtocols)) {
    report.notes.push(`Nothing was sent: ${turn.error_message ?? turn.outcome}.`);
    return report;
  }
  if (content.cut)
    report.notes.push('Some of it was too long to be kept whole; differences may come from that.');
  if (turn.continuations.length > 0)
    report.notes.push(
      'The answer was joined of parts; only the last one was kept, and differences come from that.',
    );
  const decoded = protocols[client].decodeRequest(parse(content.request));
  if (!decoded.ok) {
    report.notes.push(`The request cannot be read: ${decoded.error.message}`);
    return report;
  }
  const request: TurnRequest = decoded.value;
  const encoded = providerProtocols[provider].encodeRequest(request, {
    model: turn.model,
    issuer: turn.provider,
    ...(quirks ? { quirks } : {}),
  });
  const context: DecodeContext = {
    names: encoded.names,
    ...(encoded.echo !== undefined && { echo: encoded.echo }),
    issuer: turn.provider,
    newId: (prefix) => `${prefix}_replayed`,
    nowSeconds: () => Math.floor(turn.ts / 1000),
  };
  if (client !== provider) {
    report.would_send = encoded.body;
    report.sent_differences = differences(parse(content.sent ?? content.request), encoded.body);
  }
  if (content.received) {
    const understood = read(provider, content.received.body, context, recoveryOf(record, request, context));
    if (turn.synthesis?.mode === 'safe')
      report.notes.push('A call was made that nobody wrote; a replay makes none.');
    report.answer = understood;
    if (content.answered !== '' && turn.outcome === 'ok') {
      report.answer_differences = differences(read(client, content.answered, context), understood);
    }
    if (content.received.status >= 400) {
      report.notes.push(
        `The provider answered ${content.received.status}: ${content.received.body.slice(0, 300)}`,
      );
    }
  }
  return report;
}

/** What found and mended calls in the recorded answer does so again. */
function recoveryOf(
  { turn }: TurnRecord,
  { tools, toolChoice }: TurnRequest,
  { newId }: DecodeContext,
): ToolCallRecovery | undefined {
  if (turn.repairs.length === 0) return undefined;
  return createToolCallRecovery({ tools, newId, ...(toolChoice ? { toolChoice } : {}) });
}

/** An answer in any protocol, streamed or whole, as what it says. */
function read(
  protocol: ProviderProtocolName,
  body: string,
  context: DecodeContext,
  recovery?: ToolCallRecovery,
): Answer {
  const mended = (events: readonly TurnEvent[]): Answer =>
    summary(recovery ? events.flatMap((event) => recovery.push(event)) : events);
  const wire = providerProtocols[protocol];
  const whole = body.trimStart().startsWith('{') ? wire.decodeResponse(parse(body), context) : undefined;
  if (whole) return mended(whole.ok ? responseEvents(whole.value) : [{ type: 'error', error: whole.error }]);
  const parser = wire.createParser?.() ?? createSseParser();
  const decoder = wire.createStreamDecoder(context);
  const events: TurnEvent[] = [];
  for (const event of [...parser.push(new TextEncoder().encode(body)), ...parser.end()])
    events.push(...decoder.push(event));
  return mended([...events, ...decoder.end()]);
}

function summary(events: readonly TurnEvent[]): Answer {
  const answer: Answer = { text: '', reasoning: '', calls: [], finish: '' };
  const names = new Map<number, string>();
  for (const event of events) {
    if (event.type === 'text-delta' || event.type === 'refusal-delta') answer.text += event.text;
    else if (event.type === 'reasoning-delta') answer.reasoning += event.text;
    else if (event.type === 'tool-call-start') names.set(event.index, event.name);
    else if (event.type === 'tool-call-end') {
      answer.calls.push({ name: names.get(event.index) ?? '', input: event.input });
    } else if (event.type === 'finish') answer.finish = event.reason;
    else if (event.type === 'error') answer.finish = `error: ${event.error.message}`;
  }
  return answer;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
