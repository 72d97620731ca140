import { asCount, asRecord, asText } from '../json/read.ts';
import { decodeReasoning } from './decode-calls.ts';
import type { ItemReader, ReadContext } from './read-item.ts';

type Channel = 'summary' | 'text';

/** Reads a `reasoning` item: one block with its summaries, its text and, at the end, its signature. */
export function createReasoningReader(itemId: string | undefined, context: ReadContext): ItemReader {
  const { emit } = context;
  /** Characters sent so far, by channel and part. */
  const sent = { summary: [] as number[], text: [] as number[] };
  let index = -1;

  function open(): number {
    if (index === -1) {
      index = context.nextIndex();
      emit({ type: 'reasoning-start', index, ...(itemId && { itemId }) });
    }
    return index;
  }

  function write(channel: Channel, part: number, text: string): void {
    if (text === '') return;
    sent[channel][part] = (sent[channel][part] ?? 0) + text.length;
    emit({ type: 'reasoning-delta', index: open(), channel, part, text });
  }

  function complete(channel: Channel, part: number, text: string | undefined): void {
    if (text !== undefined) write(channel, part, text.slice(sent[channel][part] ?? 0));
  }

  return {
    event(type, data) {
      const at = asCount(data.summary_index) ?? asCount(data.content_index) ?? 0;
      const part = asRecord(data.part);
      switch (type) {
        case 'reasoning_summary_text.delta':
          write('summary', at, asText(data.delta) ?? '');
          break;
        case 'reasoning_summary_text.done':
          complete('summary', at, asText(data.text));
          break;
        case 'reasoning_summary_part.done':
          complete('summary', at, asText(part?.text));
          break;
        case 'reasoning_text.delta':
          write('text', at, asText(data.delta) ?? '');
          break;
        case 'reasoning_text.done':
          complete('text', at, asText(data.text));
          break;
        case 'content_part.done':
          complete('text', at, asText(part?.text));
          break;
      }
    },
    done(item) {
      if (item) {
        for (const [at, part] of (item.summary ?? []).entries()) complete('summary', at, asText(part.text));
        const content = Array.isArray(item.content) ? item.content : [];
        for (const [at, part] of content.entries()) complete('text', at, asText(part.text));
      }
      const whole = item && decodeReasoning(item, context);
      // Text that came sealed inside `encrypted_content` only.
      if (whole && sent.text.length === 0) complete('text', 0, whole.text);
      if (whole?.signature) emit({ type: 'reasoning-end', index: open(), signature: whole.signature });
      else if (index !== -1) emit({ type: 'reasoning-end', index });
    },
  };
}
