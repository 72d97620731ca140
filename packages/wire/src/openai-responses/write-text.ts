import { itemId, messageItem, refusalContent, textContent } from './answer-items.ts';
import type { StreamOut } from './stream-out.ts';

/** Writes one text or refusal block as a message item. The item opens with its first character: empty ones never show. */
export interface TextWriter {
  /** Takes the item's place now, where it has none yet. */
  open(): string;
  delta(text: string): string;
  end(phase?: string): string;
}

export function createTextWriter(
  kind: 'text' | 'refusal',
  wantedId: string | undefined,
  out: StreamOut,
): TextWriter {
  const content = kind === 'text' ? textContent : refusalContent;
  const event = kind === 'text' ? 'response.output_text' : 'response.refusal';
  const extra = kind === 'text' ? { logprobs: [] } : {};
  let text = '';
  let place = -1;
  let at: { item_id: string; output_index: number; content_index: number };
  let writeDelta: (text: string) => string;

  function open(): string {
    if (place !== -1) return '';
    place = out.place();
    const id = itemId(wantedId, 'msg', out.context.newId);
    at = { item_id: id, output_index: place, content_index: 0 };
    writeDelta = out.deltas(`${event}.delta`, { ...at, ...extra });
    return (
      out.added(place, messageItem(id, 'in_progress', [])) +
      out.event('response.content_part.added', { ...at, part: content('') })
    );
  }

  return {
    open,
    delta(piece) {
      if (piece === '') return '';
      const opening = open();
      text += piece;
      return opening + writeDelta(piece);
    },
    end(phase) {
      if (place === -1) return '';
      const part = content(text);
      const whole = kind === 'text' ? { text, ...extra } : { refusal: text };
      return (
        out.event(`${event}.done`, { ...at, ...whole }) +
        out.event('response.content_part.done', { ...at, part }) +
        out.done(place, messageItem(at.item_id, 'completed', [part], phase))
      );
    },
  };
}
