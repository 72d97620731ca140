import type { AssistantPart, TurnEvent, TurnResponse } from '@vigiles/wire';

/** A whole answer told as the events a stream would have brought. */
export function responseEvents(response: TurnResponse): TurnEvent[] {
  const events: TurnEvent[] = [
    { type: 'start', id: response.id, model: response.model, createdAt: response.createdAt },
  ];
  for (const [index, part] of response.parts.entries()) events.push(...partEvents(part, index));
  events.push({
    type: 'finish',
    reason: response.finish,
    ...(response.stopSequence === undefined ? {} : { stopSequence: response.stopSequence }),
    ...(response.usage === undefined ? {} : { usage: response.usage }),
    ...(response.serviceTier === undefined ? {} : { serviceTier: response.serviceTier }),
  });
  return events;
}

function partEvents(part: AssistantPart, index: number): TurnEvent[] {
  switch (part.type) {
    case 'text':
      return [
        { type: 'text-start', index },
        { type: 'text-delta', index, text: part.text },
        { type: 'text-end', index },
      ];
    case 'refusal':
      return [
        { type: 'refusal-start', index },
        { type: 'refusal-delta', index, text: part.text },
        { type: 'refusal-end', index },
      ];
    case 'reasoning': {
      const events: TurnEvent[] = [
        { type: 'reasoning-start', index, ...(part.id === undefined ? {} : { itemId: part.id }) },
      ];
      for (const [number, text] of part.summary.entries()) {
        events.push({ type: 'reasoning-delta', index, channel: 'summary', part: number, text });
      }
      if (part.text !== '') {
        events.push({ type: 'reasoning-delta', index, channel: 'text', part: 0, text: part.text });
      }
      events.push({ type: 'reasoning-end', index, ...(part.signature ? { signature: part.signature } : {}) });
      return events;
    }
    case 'tool-call':
      return [
        {
          type: 'tool-call-start',
          index,
          kind: part.kind,
          id: part.id,
          name: part.name,
          ...(part.itemId === undefined ? {} : { itemId: part.itemId }),
          ...(part.namespace === undefined ? {} : { namespace: part.namespace }),
          ...(part.signature ? { signature: part.signature } : {}),
        },
        { type: 'tool-call-delta', index, text: part.input },
        {
          type: 'tool-call-end',
          index,
          input: part.input,
          ...(part.signature ? { signature: part.signature } : {}),
        },
      ];
    case 'opaque':
      return [{ type: 'opaque', index, part }];
  }
}
