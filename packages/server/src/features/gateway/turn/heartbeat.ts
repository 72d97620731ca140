import type { ProtocolName } from '@vigiles/wire';

/**
 * Text that re-arms the client's idle timer in a stream whose bytes pass through. Codex counts parsed events, not
 * comments, and skips types it does not know; Messages has `ping`; Chat clients only take comments.
 */
export function heartbeatText(protocol: ProtocolName): string {
  switch (protocol) {
    case 'openai-responses':
      return 'event: response.heartbeat\ndata: {"type":"response.heartbeat"}\n\n';
    case 'anthropic-messages':
      return 'event: ping\ndata: {"type":"ping"}\n\n';
    case 'openai-chat':
      return ': heartbeat\n\n';
  }
}
