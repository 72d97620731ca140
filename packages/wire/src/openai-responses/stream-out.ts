import type { AnswerContext } from '../protocol.ts';
import type { AnswerItem } from './answer-items.ts';

type Fields = Record<string, unknown>;

/** The event stream of one answer: numbers its events and its items. */
export interface StreamOut {
  readonly context: AnswerContext;
  /** One event; `type` and a rising `sequence_number` are inside the data, where strict clients look. */
  event(type: string, fields: Fields): string;
  /** Several events in turn around one `response`, serialised once; `settings` are members of it that are JSON already. */
  snapshots(types: readonly string[], response: Fields, settings: string): string;
  /** A prepared delta event: per piece, only the text itself is serialised. */
  deltas(type: string, fields: Fields): (text: string) => string;
  /** The place of the next item; places are given in the order items open, without gaps. */
  place(): number;
  /** `output_item.added`. */
  added(place: number, item: AnswerItem): string;
  /** `output_item.done`; the item joins the terminal snapshot. */
  done(place: number, item: AnswerItem): string;
  /** The done items in order. */
  output(): AnswerItem[];
}

export function createStreamOut(context: AnswerContext): StreamOut {
  let sequence = 0;
  let places = 0;
  const items: AnswerItem[] = [];

  function write(type: string, members: string): string {
    const rest = members === '' ? '' : `,${members}`;
    return `event: ${type}\ndata: {"type":"${type}","sequence_number":${sequence++}${rest}}\n\n`;
  }

  const membersOf = (fields: Fields): string => JSON.stringify(fields).slice(1, -1);

  const event = (type: string, fields: Fields): string => write(type, membersOf(fields));

  return {
    context,
    event,
    snapshots(types, response, settings) {
      const members = `"response":{${membersOf(response)},${settings}}`;
      let text = '';
      for (const type of types) text += write(type, members);
      return text;
    },
    deltas(type, fields) {
      const head = `event: ${type}\ndata: ${JSON.stringify({ type, ...fields }).slice(0, -1)},"sequence_number":`;
      return (text) => `${head}${sequence++},"delta":${JSON.stringify(text)}}\n\n`;
    },
    place: () => places++,
    added: (place, item) => event('response.output_item.added', { output_index: place, item }),
    done(place, item) {
      items[place] = item;
      return event('response.output_item.done', { output_index: place, item });
    },
    // Items that never finished leave holes.
    output: () => items.filter((item) => item !== undefined),
  };
}
