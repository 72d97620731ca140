import type { ProviderProtocolName } from '@vigiles/wire';
import { withoutUrlFields } from '../core/gemini-body.ts';
import { withEdits, type BodyEdit } from '../core/body-edit.ts';
import { withoutModel, type RequestHead } from '../core/request-head.ts';
import { usageEdit } from '../core/usage-request.ts';
import type { Spoken } from '../providers/define-provider.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { Turn } from './turn.ts';

/**
 * How a provider is spoken to about a model: in the client's own protocol where it can be, else in the provider's first.
 * On Vertex each maker's models have a protocol of their own.
 */
export function spokenTo(
  upstream: Upstream,
  client: ProviderProtocolName,
  model: string,
): Spoken | undefined {
  let first: Spoken | undefined;
  for (const spoken of upstream.protocols) {
    if (spoken.models && !spoken.models.test(model)) continue;
    if (spoken.protocol === client) return spoken;
    first ??= spoken;
  }
  return first;
}

/** Where a request goes below a provider's base address: some have model and kind of answer in their path. */
export function requestPath(spoken: Spoken, model: string, stream: boolean): string {
  const path = (stream ? spoken.streamPath : undefined) ?? spoken.path;
  if (path.includes('{model}')) return path.replace('{model}', () => encodeURIComponent(model));
  if (spoken.protocol !== 'gemini') return path;
  const verb = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
  return `${path}/${encodeURIComponent(model)}:${verb}`;
}

/** The body as it is sent: what stands in the URL is refused in it. */
export function requestBody(spoken: Spoken, body: Record<string, unknown>): Buffer {
  if (spoken.protocol === 'gemini') {
    const { model: _, stream: __, ...rest } = body;
    return Buffer.from(JSON.stringify(rest));
  }
  if (!spoken.bodyFields) return Buffer.from(JSON.stringify(body));
  const { model: _, ...rest } = body;
  return Buffer.from(JSON.stringify({ ...spoken.bodyFields, ...rest }));
}

/** The client's own bytes as they are sent. */
export interface PassedBody {
  body: Buffer;
  /** Usage was asked for in the client's place: the chunk that brings it is not for the client. */
  hidesUsage: boolean;
}

/** Only the model is changed, where the route renames it, and usage asked for in a Chat stream. */
export function passedBody(turn: Turn, head: RequestHead, upstream: Upstream, spoken: Spoken): PassedBody {
  const { client, body } = turn;
  if (client === 'gemini')
    return { body: withoutUrlFields(body, head.model, head.stream), hidesUsage: false };
  if (spoken.bodyFields)
    return { body: withoutModel(body, head.modelSpan, spoken.bodyFields), hidesUsage: false };
  const usage =
    turn.stream && client === 'openai-chat' && tellsUsage(upstream) ? usageEdit(body, head) : null;
  if (turn.model === head.model && !usage) return { body, hidesUsage: false };
  const edits: BodyEdit[] = usage ? [usage] : [];
  if (turn.model !== head.model) edits.push({ span: head.modelSpan, text: JSON.stringify(turn.model) });
  return { body: withEdits(body, edits), hidesUsage: usage !== null };
}

/** A server of an unknown make may refuse what its client did not send. */
const tellsUsage = ({ type }: Upstream): boolean =>
  type.quirks.streamUsage ?? type.type !== 'openai-compatible';

/** Whether the answer's head promises a stream. Some servers name no type at all; a stream was asked for. */
export const isEventStream = (type: string | undefined): boolean =>
  type === undefined ||
  type.includes('text/event-stream') ||
  type.includes('application/vnd.amazon.eventstream');
