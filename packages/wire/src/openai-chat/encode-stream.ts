import type { TurnEvent, Usage } from '../canonical/index.ts';
import type { AnswerContext, StreamEncoder } from '../protocol.ts';
import { SSE_DONE, sseComment, sseData } from '../sse/index.ts';
import { clientToolName } from '../tools/client-tool-name.ts';
import { sealCallSignature } from './call-signature.ts';
import { chatId } from './encode-response.ts';
import { encodeErrorBody } from './error.ts';
import { encodeFinishReason } from './finish-reason.ts';
import { encodeUsage } from './usage.ts';

type CallStart = Extract<TurnEvent, { type: 'tool-call-start' }>;

const DELTA_END = '},"logprobs":null,"finish_reason":null}]}\n\n';

/** Writes a turn as Chat Completions chunks. The constant part of a chunk is made once; a delta only adds its text. */
export function createStreamEncoder(context: AnswerContext): StreamEncoder {
  let head = '';
  let ended = false;
  let refused = false;
  let usage: Usage | undefined;
  const calls = new Map<number, { at: number; custom: boolean }>();
  /** Which of a reasoning block's two channels is shown: the one that came first. */
  const channels = new Map<number, { channel: string; part: number }>();
  const legacy = context.request.legacyFunctions === true;

  function start(id: string, createdAt: number): string {
    const fields = {
      id: chatId(id, context),
      object: 'chat.completion.chunk',
      created: createdAt,
      model: context.model,
    };
    head = `data: ${JSON.stringify(fields).slice(0, -1)},"choices":[`;
    return delta('"role":"assistant","content":""');
  }

  function delta(fields: string): string {
    return `${head}{"index":0,"delta":{${fields}${DELTA_END}`;
  }

  function startCall(event: CallStart): string {
    const at = calls.size;
    const custom = event.kind === 'custom' && !legacy;
    calls.set(event.index, { at, custom });
    const name = JSON.stringify(clientToolName(event, context.request));
    if (legacy) return at === 0 ? delta(`"function_call":{"name":${name},"arguments":""}`) : '';
    const id = JSON.stringify(event.id);
    return custom
      ? delta(
          `"tool_calls":[{"index":${at},"id":${id},"type":"custom","custom":{"name":${name},"input":""}}]`,
        )
      : delta(
          `"tool_calls":[{"index":${at},"id":${id},"type":"function","function":{"name":${name},"arguments":""}}]`,
        );
  }

  function addToCall(index: number, text: string): string {
    const call = calls.get(index);
    if (!call || text === '') return '';
    const json = JSON.stringify(text);
    if (legacy) return call.at === 0 ? delta(`"function_call":{"arguments":${json}}`) : '';
    return call.custom
      ? delta(`"tool_calls":[{"index":${call.at},"custom":{"input":${json}}}]`)
      : delta(`"tool_calls":[{"index":${call.at},"function":{"arguments":${json}}}]`);
  }

  function endCall(event: Extract<TurnEvent, { type: 'tool-call-end' }>): string {
    const call = calls.get(event.index);
    if (!call || !event.signature || legacy || call.custom) return '';
    const extra = JSON.stringify(sealCallSignature(event.signature));
    return delta(`"tool_calls":[{"index":${call.at},"extra_content":${extra}}]`);
  }

  function addReasoning(event: Extract<TurnEvent, { type: 'reasoning-delta' }>): string {
    const shown = channels.get(event.index);
    if (shown && shown.channel !== event.channel) return '';
    const gap = shown && shown.part !== event.part ? '\n\n' : '';
    channels.set(event.index, { channel: event.channel, part: event.part });
    return delta(`"reasoning_content":${JSON.stringify(gap + event.text)}`);
  }

  function finish(event: Extract<TurnEvent, { type: 'finish' }>): string {
    ended = true;
    usage = event.usage ?? usage;
    const word = encodeFinishReason(event.reason, { calls: calls.size > 0, refusal: refused });
    const shown = legacy && word === 'tool_calls' ? 'function_call' : word;
    const tier =
      event.serviceTier === undefined ? '' : `,"service_tier":${JSON.stringify(event.serviceTier)}`;
    const last = `${head}{"index":0,"delta":{},"logprobs":null,"finish_reason":"${shown}"}]${tier}}\n\n`;
    const counted =
      usage && context.request.includeUsage
        ? `${head}],"usage":${JSON.stringify(encodeUsage(usage))}}\n\n`
        : '';
    return last + counted + SSE_DONE;
  }

  function write(event: TurnEvent): string {
    switch (event.type) {
      case 'text-delta':
        return event.text === '' ? '' : delta(`"content":${JSON.stringify(event.text)}`);
      case 'reasoning-delta':
        return event.text === '' ? '' : addReasoning(event);
      case 'refusal-delta':
        refused = true;
        return delta(`"refusal":${JSON.stringify(event.text)}`);
      case 'tool-call-start':
        return startCall(event);
      case 'tool-call-delta':
        return addToCall(event.index, event.text);
      case 'tool-call-end':
        return endCall(event);
      case 'usage':
        usage = event.usage;
        return '';
      case 'finish':
        return finish(event);
      default:
        return '';
    }
  }

  return {
    push(event) {
      if (ended) return '';
      if (event.type === 'heartbeat') return sseComment('keep-alive');
      if (event.type === 'error') {
        ended = true;
        return sseData(encodeErrorBody(event.error)) + SSE_DONE;
      }
      if (event.type === 'start') return head ? '' : start(event.id, event.createdAt);
      return head ? write(event) : start('', context.nowSeconds()) + write(event);
    },
    heartbeat: () => sseComment('keep-alive'),
  };
}
