import type { AssistantPart, TurnEvent, TurnResponse } from '@vigiles/wire';

/** Puts a told answer together again as a whole one; `base` gives what events do not carry. */
export function collectResponse(base: TurnResponse, events: readonly TurnEvent[]): TurnResponse {
  const parts: (AssistantPart | undefined)[] = [];
  const response: TurnResponse = { ...base, parts: [] };
  for (const event of events) {
    switch (event.type) {
      case 'text-start':
        parts[event.index] = { type: 'text', text: '' };
        break;
      case 'refusal-start':
        parts[event.index] = { type: 'refusal', text: '' };
        break;
      case 'reasoning-start':
      case 'opaque': {
        // Told once and never joined: as it stood in the first part.
        const part = base.parts[event.index];
        if (part) parts[event.index] = part;
        break;
      }
      case 'tool-call-start': {
        const { kind, id, name, itemId, namespace, signature } = event;
        parts[event.index] = {
          type: 'tool-call',
          kind,
          id,
          name,
          input: '',
          ...(itemId === undefined ? {} : { itemId }),
          ...(namespace === undefined ? {} : { namespace }),
          ...(signature ? { signature } : {}),
        };
        break;
      }
      case 'text-delta':
      case 'refusal-delta': {
        const part = parts[event.index];
        if (part?.type === 'text' || part?.type === 'refusal') part.text += event.text;
        break;
      }
      case 'tool-call-end': {
        const part = parts[event.index];
        if (part?.type === 'tool-call') part.input = event.input;
        break;
      }
      case 'finish':
        response.finish = event.reason;
        if (event.usage) response.usage = event.usage;
        break;
      default:
    }
  }
  response.parts = parts.filter((part) => part !== undefined);
  return response;
}
