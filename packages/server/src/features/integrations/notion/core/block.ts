/** A run of text with one look. */
export interface Span {
  text: string;
  bold?: boolean;
  italic?: boolean;
  strike?: boolean;
  code?: boolean;
  link?: string;
}

/** The block types that travel both ways. */
export const blockTypes = [
  'paragraph',
  'heading_1',
  'heading_2',
  'heading_3',
  'bulleted_list_item',
  'numbered_list_item',
  'to_do',
  'toggle',
  'code',
  'quote',
  'callout',
  'divider',
] as const;
export type BlockType = (typeof blockTypes)[number];

/** One block with all below it. `foreign`: a type that has no words in Markdown; it stays where it is, by its id. */
export type Block =
  | {
      type: BlockType;
      text: Span[];
      children: Block[];
      checked?: boolean;
      language?: string;
      icon?: string;
    }
  | { type: 'foreign'; id: string; kind: string };
