import type { ProtocolName } from '@vigiles/wire';

/**
 * Text that re-arms the client's idle timer in a stream whose bytes pass through. Codex counts parsed events, not
 * comments; `keepalive` is the one event without content that OpenAI's own clients know; Messages has `ping`; Chat clients
 * only take comments, Gemini's do not: they get an empty text.
 * @param sequence number of the last event that passed
 */
export function heartbeatText(protocol: ProtocolName, sequence: number): string {
  switch (protocol) {
    case 'openai-responses':
      return `event: keepalive\ndata: {"type":"keepalive","sequence_number":${sequence}}\n\n`;
    case 'anthropic-messages':
      return 'event: ping\ndata: {"type":"ping"}\n\n';
    case 'openai-chat':
      return ': heartbeat\n\n';
    case 'gemini':
      return 'data: {"candidates":[{"content":{"role":"model","parts":[{"text":""}]},"index":0}]}\n\n';
  }
}
