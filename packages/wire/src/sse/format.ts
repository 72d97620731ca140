/** A named event with a JSON payload. JSON has no raw line breaks, so one `data:` line is always enough. */
export function sseEvent(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** An unnamed event with a JSON payload. */
export function sseData(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** How Chat Completions ends a stream. */
export const SSE_DONE = 'data: [DONE]\n\n';

/** A comment line: keeps proxies awake, but clients that count events do not see it. */
export function sseComment(text: string): string {
  return `: ${text}\n\n`;
}
