import type { ProtocolName } from '@vigiles/wire';

/** Where a request goes below a provider's base address: Gemini has model and kind of answer in its path. */
export function requestPath(
  spoken: { protocol: ProtocolName; path: string },
  model: string,
  stream: boolean,
): string {
  if (spoken.protocol !== 'gemini') return spoken.path;
  const verb = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
  return `${spoken.path}/${encodeURIComponent(model)}:${verb}`;
}

/** The body as it is sent: Gemini refuses the fields that stand in its URL. */
export function requestBody(protocol: ProtocolName, body: Record<string, unknown>): Buffer {
  if (protocol !== 'gemini') return Buffer.from(JSON.stringify(body));
  const { model: _, stream: __, ...rest } = body;
  return Buffer.from(JSON.stringify(rest));
}
