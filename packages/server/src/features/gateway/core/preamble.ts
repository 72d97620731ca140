import type { ProtocolName, SseEvent } from '@vigiles/wire';

/**
 * Whether an event says nothing yet: the answer has been opened, but a provider that is overloaded may still say so.
 * Until something else arrives, the gateway can turn a failure into a real status and try again.
 */
export function isPreamble(protocol: ProtocolName, event: SseEvent): boolean {
  if (event.comment) return true;
  switch (protocol) {
    case 'openai-responses':
      return (
        says(event, 'response.created') ||
        says(event, 'response.in_progress') ||
        says(event, 'response.queued')
      );
    case 'anthropic-messages':
      return says(event, 'message_start') || says(event, 'ping');
    case 'openai-chat':
    case 'gemini':
      return event.data === '';
  }
}

/** The type stands in `event:`, or near the start of the data where providers leave that line out. */
function says(event: SseEvent, type: string): boolean {
  if (event.event !== undefined) return event.event === type;
  return event.data.slice(0, 200).includes(`"${type}"`);
}

const DELTA_KEYS: Record<ProtocolName, readonly string[]> = {
  'openai-chat': ['"content":"', '"arguments":"', '"reasoning_content":"', '"reasoning":"'],
  'openai-responses': ['"delta":"'],
  'anthropic-messages': ['"text":"', '"partial_json":"', '"thinking":"'],
  gemini: ['"text":"', '"text": "'],
};

/** About how many characters of answer an event carries: for the live view and for turns cut before their usage. */
export function deltaChars(protocol: ProtocolName, data: string): number {
  const span = deltaSpan(protocol, data);
  return span ? span.end - span.start : 0;
}

/** Where the text that an event brings stands in its data, without its quotes. */
export function deltaSpan(protocol: ProtocolName, data: string): { start: number; end: number } | undefined {
  // Only the whole-item events are this long, and they repeat what the deltas brought.
  if (data.length > 4096) return undefined;
  for (const key of DELTA_KEYS[protocol]) {
    const at = data.indexOf(key);
    if (at === -1) continue;
    const start = at + key.length;
    let end = data.indexOf('"', start);
    while (end !== -1 && data.charCodeAt(end - 1) === 92) end = data.indexOf('"', end + 1);
    return end === -1 ? undefined : { start, end };
  }
  return undefined;
}
