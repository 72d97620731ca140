import type { Signature } from '../canonical/index.ts';
import { itemId, reasoningItem } from './answer-items.ts';
import type { StreamOut } from './stream-out.ts';

/** Writes one reasoning block: summaries part by part, the full thinking as `reasoning_text`. */
export interface ReasoningWriter {
  /** Takes the item's place now, where it has none yet. */
  open(): string;
  delta(channel: 'summary' | 'text', part: number, text: string): string;
  end(signature?: Signature): string;
}

interface OpenPart {
  number: number;
  text: string;
  at: Record<string, unknown>;
  write(text: string): string;
}

export function createReasoningWriter(wantedId: string | undefined, out: StreamOut): ReasoningWriter {
  const { newId, issuer } = out.context;
  const summary: string[] = [];
  let place = -1;
  let id = '';
  let openSummary: OpenPart | undefined;
  let openText: OpenPart | undefined;

  function open(): string {
    if (place !== -1) return '';
    place = out.place();
    id = itemId(wantedId, 'rs', newId);
    return out.added(place, { id, type: 'reasoning', summary: [] });
  }

  function summaryDelta(number: number, text: string): string {
    let written = '';
    if (openSummary?.number !== number) {
      written += closeSummary();
      const at = { item_id: id, output_index: place, summary_index: summary.length };
      openSummary = { number, text: '', at, write: out.deltas('response.reasoning_summary_text.delta', at) };
      const part = { type: 'summary_text', text: '' };
      written += out.event('response.reasoning_summary_part.added', { ...at, part });
    }
    openSummary.text += text;
    return written + openSummary.write(text);
  }

  function closeSummary(): string {
    if (!openSummary) return '';
    const { at, text } = openSummary;
    summary.push(text);
    openSummary = undefined;
    return (
      out.event('response.reasoning_summary_text.done', { ...at, text }) +
      out.event('response.reasoning_summary_part.done', { ...at, part: { type: 'summary_text', text } })
    );
  }

  function textDelta(text: string): string {
    let written = '';
    if (!openText) {
      const at = { item_id: id, output_index: place, content_index: 0 };
      openText = { number: 0, text: '', at, write: out.deltas('response.reasoning_text.delta', at) };
      const part = { type: 'reasoning_text', text: '' };
      written = out.event('response.content_part.added', { ...at, part });
    }
    openText.text += text;
    return written + openText.write(text);
  }

  function closeText(): string {
    if (!openText) return '';
    const { at, text } = openText;
    return (
      out.event('response.reasoning_text.done', { ...at, text }) +
      out.event('response.content_part.done', { ...at, part: { type: 'reasoning_text', text } })
    );
  }

  return {
    open,
    delta(channel, part, text) {
      if (text === '') return '';
      const opening = open();
      return opening + (channel === 'summary' ? summaryDelta(part, text) : textDelta(text));
    },
    end(signature) {
      if (place === -1 && !signature) return '';
      const closing = open() + closeSummary() + closeText();
      const part = { text: openText?.text ?? '', summary, ...(signature && { signature }) };
      return closing + out.done(place, reasoningItem(id, part, issuer));
    },
  };
}
