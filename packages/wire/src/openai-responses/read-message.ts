import { asCount, asRecord, asText } from '../json/read.ts';
import type { ItemReader, ReadContext } from './read-item.ts';

interface OpenPart {
  index: number;
  kind: 'text' | 'refusal';
  /** Characters sent so far; the rest of a final text starts here. */
  length: number;
  open: boolean;
}

/** Reads a `message` item: each content part becomes a text or refusal block. Empty parts never show. */
export function createMessageReader(itemId: string | undefined, context: ReadContext): ItemReader {
  const { emit } = context;
  const parts = new Map<number, OpenPart>();

  function write(at: number, kind: OpenPart['kind'], text: string): void {
    if (text === '') return;
    let part = parts.get(at);
    if (!part) {
      closeAll();
      part = { index: context.nextIndex(), kind, length: 0, open: true };
      parts.set(at, part);
      const { index } = part;
      if (kind === 'refusal') emit({ type: 'refusal-start', index });
      else emit({ type: 'text-start', index, ...(itemId && { itemId }) });
    }
    if (!part.open) return;
    part.length += text.length;
    emit({ type: `${part.kind}-delta`, index: part.index, text });
  }

  function complete(at: number, kind: OpenPart['kind'], text: string | undefined): void {
    if (text !== undefined) write(at, kind, text.slice(parts.get(at)?.length ?? 0));
  }

  function closeAll(phase?: string | null): void {
    for (const part of parts.values()) {
      if (!part.open) continue;
      part.open = false;
      if (part.kind === 'refusal') emit({ type: 'refusal-end', index: part.index });
      else emit({ type: 'text-end', index: part.index, ...(phase && { phase }) });
    }
  }

  return {
    event(type, data) {
      const at = asCount(data.content_index) ?? 0;
      if (type === 'output_text.delta') write(at, 'text', asText(data.delta) ?? '');
      else if (type === 'output_text.done') complete(at, 'text', asText(data.text));
      else if (type === 'refusal.delta') write(at, 'refusal', asText(data.delta) ?? '');
      else if (type === 'refusal.done') complete(at, 'refusal', asText(data.refusal));
      else if (type === 'content_part.done') {
        const part = asRecord(data.part);
        if (part?.type === 'refusal') complete(at, 'refusal', asText(part.refusal));
        else complete(at, 'text', asText(part?.text));
      }
    },
    done(item) {
      const content =
        typeof item?.content === 'string' ? [{ type: 'output_text', text: item.content }] : item?.content;
      for (const [at, part] of (content ?? []).entries()) {
        if (part.type === 'refusal') complete(at, 'refusal', asText(part.refusal));
        else complete(at, 'text', asText(part.text));
      }
      closeAll(item?.phase);
    },
  };
}
