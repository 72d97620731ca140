import { WHOLE_EVENTS } from './whole-events.ts';
import { createSseParser, sealCompaction, sseEvent } from '@vigiles/wire';
import type { JsonSpan } from '../core/scan-json.ts';
import type { Turn } from '../turn/turn.ts';
import type { Upstream } from '../upstream/upstream.ts';

const TRIGGER = Buffer.from('"compaction_trigger"');

/** Histories that hold something only the gateway can open. */
const SEALED = Buffer.from('"vgl1.');

/** Where a trigger stands: at the end of the input. */
const TRIGGER_TAIL = 2048;

/** Whether a request may ask for its history to be compacted. */
export const hasTrigger = (body: Buffer, input: JsonSpan | undefined): boolean =>
  input !== undefined &&
  body.subarray(Math.max(input.start, input.end - TRIGGER_TAIL), input.end).includes(TRIGGER);

/** Whether a provider compacts this history itself. */
export const compactsItself = (upstream: Upstream, body: Buffer): boolean =>
  upstream.type.compacts === true &&
  upstream.repairs !== 'all' &&
  upstream.protocols.some(({ protocol }) => protocol === 'openai-responses') &&
  !body.includes(SEALED);

const ASK = `Pause the task here. The conversation above is about to be removed, and whoever goes on with the task will see only what you write now. Write a handover note for them, in plain text and without calling any tool. Say:
- what the user wants, with every instruction, preference and limit they gave;
- what has been done so far, and what was found out (name files, commands, identifiers, values and error messages exactly);
- what was decided and why, and what was tried and did not work;
- what is still to be done, with the very next step first.
Leave out greetings and anything that no longer matters.`;

/**
 * The request by which a model is asked for the summary: the same history, a last message that asks for it, and no tool
 * to be called. A body that cannot be read stays as it is: whoever decodes it says what is wrong.
 */
export function asSummaryRequest(body: Buffer, more: Record<string, unknown> = {}): Buffer {
  let request: Record<string, unknown>;
  try {
    request = JSON.parse(body.toString()) as Record<string, unknown>;
  } catch {
    return body;
  }
  const { text: _text, max_output_tokens: _limit, tools, tool_choice: _choice, ...rest } = request;
  const { parallel_tool_calls: _parallel, input, ...plain } = rest;
  if (input !== undefined && input !== null && typeof input !== 'string' && !Array.isArray(input))
    return body;
  const items: unknown[] = Array.isArray(input) ? input.filter((item) => !isTrigger(item)) : [];
  if (typeof input === 'string') items.push(message(input));
  // Histories with calls need their tools beside them at some providers.
  const offered = Array.isArray(tools) && tools.length > 0 ? { tools, tool_choice: 'none' } : {};
  return Buffer.from(JSON.stringify({ ...plain, ...offered, input: [...items, message(ASK)], ...more }));
}

const message = (text: string): object => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
});

const isTrigger = (item: unknown): boolean =>
  typeof item === 'object' && item !== null && 'type' in item && item.type === 'compaction_trigger';

/** How the summary is handed over: as a response with one item, or as the answer of the compact endpoint. */
export interface CompactionShape {
  shape: 'response' | 'compaction';
  /** Items that stand before the compaction, in the answer of the endpoint. */
  users: readonly unknown[];
}

type Json = Record<string, unknown>;

/** Events of the summary's own stream that its client may see. */
const PASSED = new Set(['response.created', 'response.in_progress', 'response.failed', 'keepalive', 'error']);

/**
 * Has a turn's response hand its text over as exactly one `compaction` item. What the model writes is held back until
 * it is complete; meanwhile the client gets a sign of life now and then.
 */
export function answerCompaction(turn: Turn, { shape, users }: CompactionShape): void {
  const { core, res } = turn;
  const { writeHead, writePiece, endPieces, endWhole } = res;
  const parser = createSseParser(WHOLE_EVENTS);
  let head: { status: number; headers: string[] | Record<string, string | number> } | null = null;
  let wroteAt = core.clock.monotonic();
  let sequence = 0;

  const itemOf = (response: Json): Json | undefined => {
    const summary = textOf(response['output']);
    if (summary.trim() === '') return undefined;
    return { type: 'compaction', id: core.newId('cmp'), encrypted_content: sealCompaction(summary) };
  };
  const event = (type: string, fields: Json): string =>
    sseEvent(type, { type, sequence_number: sequence++, ...fields });

  function finished(response: Json): string {
    const item = itemOf(response);
    if (!item) {
      const error = { code: 'server_error', message: NO_SUMMARY };
      return event('response.failed', { response: { ...response, status: 'failed', output: [], error } });
    }
    const done = { ...response, status: 'completed', incomplete_details: null, output: [item] };
    return (
      event('response.output_item.added', { output_index: 0, item }) +
      event('response.output_item.done', { output_index: 0, item }) +
      event('response.completed', { response: done })
    );
  }

  function told(data: string): string {
    const { sequence_number: _, ...parsed } = parse(data);
    const type = String(parsed['type']);
    if (PASSED.has(type)) return event(type, parsed);
    const { response } = parsed;
    if (isObject(response) && (type === 'response.completed' || type === 'response.incomplete')) {
      return finished(response);
    }
    const quiet = core.clock.monotonic() - wroteAt >= core.config.heartbeat_s * 1000;
    return quiet ? event('keepalive', {}) : '';
  }

  function rewritten(piece: Uint8Array | string): string {
    let text = '';
    for (const { data, comment } of parser.push(typeof piece === 'string' ? Buffer.from(piece) : piece)) {
      if (!comment && data.startsWith('{')) text += told(data);
    }
    if (text !== '') wroteAt = core.clock.monotonic();
    return text;
  }

  function wholeAnswer(response: Json): { status: number; body: string } {
    const item = itemOf(response);
    if (!item) {
      const error = { message: NO_SUMMARY, type: 'server_error', code: 'server_error', param: null };
      return { status: 502, body: JSON.stringify({ error }) };
    }
    const { id, created_at, model, usage } = response;
    const answer =
      shape === 'response'
        ? { ...response, status: 'completed', incomplete_details: null, output: [item] }
        : { id, object: 'response.compaction', created_at, model, output: [...users, item], usage };
    return { status: 200, body: JSON.stringify(answer) };
  }

  Object.assign(res, {
    writeHead(status: number, headers: string[] | Record<string, string | number>) {
      if (status >= 300 || turn.stream) return Reflect.apply(writeHead, res, [status, headers]);
      head = { status, headers };
      return res;
    },
    writePiece(piece: Uint8Array | string) {
      const text = rewritten(piece);
      if (text !== '') Reflect.apply(writePiece, res, [text]);
    },
    endPieces(piece = '') {
      Reflect.apply(endPieces, res, [piece === '' ? '' : rewritten(piece)]);
    },
    endWhole(body: Buffer | string) {
      const answer = wholeAnswer(parse(body.toString()));
      const headers = withLength(head?.headers ?? {}, Buffer.byteLength(answer.body));
      Reflect.apply(writeHead, res, [answer.status, headers]);
      Reflect.apply(endWhole, res, [answer.body]);
    },
  });
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** What a provider sent unasked is no object, and says nothing. */
function parse(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

const NO_SUMMARY = 'The model wrote no summary of the conversation.';

/** The text of an answer's messages. */
function textOf(output: unknown): string {
  const texts: string[] = [];
  for (const item of Array.isArray(output) ? (output as Json[]) : []) {
    if (item['type'] !== 'message' || !Array.isArray(item['content'])) continue;
    for (const part of item['content'] as Json[]) {
      if (part['type'] === 'output_text' && typeof part['text'] === 'string') texts.push(part['text']);
    }
  }
  return texts.join('\n');
}

/** The head of the answer with the length of what it became. */
function withLength(
  headers: string[] | Record<string, string | number>,
  bytes: number,
): string[] | Record<string, string | number> {
  if (!Array.isArray(headers)) return { ...headers, 'content-length': bytes };
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-length');
  return at === -1 ? [...headers, 'content-length', String(bytes)] : headers.with(at + 1, String(bytes));
}
