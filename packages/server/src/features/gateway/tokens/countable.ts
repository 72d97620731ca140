import type { Message, TurnRequest } from '@vigiles/wire';

/** What of a request costs input tokens. */
export interface Countable {
  texts: string[];
  images: number;
  /** Tokens of the envelope around messages and tools. */
  overhead: number;
}

const PER_MESSAGE = 4;
const PER_TOOL = 8;

/** Everything the model reads: messages, calls, results and tool definitions — without these compaction never fires. */
export function countable(request: TurnRequest): Countable {
  const found: Countable = { texts: [], images: 0, overhead: 3 };
  for (const message of request.messages) {
    found.overhead += PER_MESSAGE;
    collect(message, found);
  }
  for (const tool of request.tools) {
    found.overhead += PER_TOOL;
    found.texts.push(JSON.stringify(tool));
  }
  return found;
}

function collect(message: Message, found: Countable): void {
  for (const part of message.parts) {
    switch (part.type) {
      case 'text':
      case 'refusal':
        found.texts.push(part.text);
        break;
      case 'reasoning':
        found.texts.push(part.text, ...part.summary);
        break;
      case 'tool-call':
        found.texts.push(part.name, part.input);
        break;
      case 'tool-result':
        for (const piece of part.content) {
          if (piece.type === 'text') found.texts.push(piece.text);
          else found.images += 1;
        }
        break;
      case 'image':
      case 'file':
        found.images += 1;
        break;
      case 'opaque':
        found.texts.push(JSON.stringify(part.raw));
    }
  }
}
