import { decodeOutputItem } from './decode-response.ts';
import type { ItemReader, ReadContext } from './read-item.ts';
import type { ResponsesItem } from './schema.ts';

/** Reads an item that only counts when it is whole: `tool_search_call`, and all kinds only Responses knows. */
export function createWholeReader(added: ResponsesItem, context: ReadContext): ItemReader {
  return {
    event: () => {},
    done(item = added) {
      for (const part of decodeOutputItem(item, 'output', context)) {
        const index = context.nextIndex();
        if (part.type === 'opaque') context.emit({ type: 'opaque', index, part });
        else if (part.type === 'tool-call') {
          const { kind, id, itemId, name, namespace, input } = part;
          context.emit({
            type: 'tool-call-start',
            index,
            kind,
            id,
            ...(itemId && { itemId }),
            name,
            ...(namespace && { namespace }),
          });
          if (input !== '') context.emit({ type: 'tool-call-delta', index, text: input });
          context.emit({ type: 'tool-call-end', index, input });
        }
      }
    },
  };
}
