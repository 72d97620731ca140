/** Texts that are being said and are not in the log yet, by the item they will be. */
export interface LiveText {
  itemId: string;
  kind: 'message' | 'reasoning' | 'output';
  text: string;
}

const kinds: Record<string, LiveText['kind']> = {
  'message:delta': 'message',
  'message:reasoning_delta': 'reasoning',
  'skill:output': 'output',
};
const TEXTS_KEPT = 12;
const LONGEST = 8_000;

/** Adds a piece to the text it belongs to; too much of it loses its beginning. Other samples change nothing. */
export function addLive(
  texts: readonly LiveText[],
  type: string,
  data: Readonly<Record<string, unknown>>,
): readonly LiveText[] {
  const kind = kinds[type];
  const delta = data['delta'];
  if (!kind || typeof delta !== 'string' || delta === '') return texts;
  const itemId = typeof data['item_id'] === 'string' ? data['item_id'] : type;
  const known = texts.find((each) => each.itemId === itemId && each.kind === kind);
  if (!known) return [...texts, { itemId, kind, text: delta.slice(-LONGEST) }].slice(-TEXTS_KEPT);
  const text = (known.text + delta).slice(-LONGEST);
  return texts.map((each) => (each === known ? { ...known, text } : each));
}

/** Takes away what the log now has as a whole: the item itself, or everything when a turn is over. */
export function settleLive(
  texts: readonly LiveText[],
  type: string,
  data: Readonly<Record<string, unknown>>,
): readonly LiveText[] {
  if (texts.length === 0) return texts;
  if (/^execution:(completed|failed|halted)$/.test(type)) return [];
  if (!/^(message:|skill:(completed|failed))/.test(type)) return texts;
  const itemId = typeof data['item_id'] === 'string' ? data['item_id'] : null;
  const kind =
    type === 'message:assistant' ? 'message' : type === 'message:reasoning' ? 'reasoning' : 'output';
  const kept = texts.filter((each) => each.itemId !== itemId && !(itemId === null && each.kind === kind));
  return kept.length === texts.length ? texts : kept;
}
