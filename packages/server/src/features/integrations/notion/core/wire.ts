import { z } from 'zod';
import { blockTypes, type Block, type BlockType, type Span } from './block.ts';
import { mergeSpans } from './inline.ts';

/** Most letters of one text object, and most objects of one text: https://developers.notion.com/reference/request-limits */
const mostLetters = 2000;
const mostTexts = 100;

const RichText = z.object({
  plain_text: z.string().default(''),
  href: z.string().nullish(),
  annotations: z
    .object({
      bold: z.boolean().default(false),
      italic: z.boolean().default(false),
      strikethrough: z.boolean().default(false),
      code: z.boolean().default(false),
    })
    .prefault({}),
});

const Content = z.object({
  rich_text: z.array(RichText).default([]),
  checked: z.boolean().optional(),
  language: z.string().optional(),
  icon: z.object({ emoji: z.string().optional() }).nullish(),
});

/** A block as the API tells it; what is below it is asked for by itself. */
export const WireBlock = z.looseObject({
  id: z.string(),
  type: z.string(),
  has_children: z.boolean().default(false),
});
export type WireBlock = z.output<typeof WireBlock>;

const known = new Set<string>(blockTypes);
export const isKnown = (type: string): type is BlockType => known.has(type);

const spanOf = ({ plain_text: text, href, annotations: look }: z.output<typeof RichText>): Span => ({
  text,
  ...(look.bold ? { bold: true } : {}),
  ...(look.italic ? { italic: true } : {}),
  ...(look.strikethrough ? { strike: true } : {}),
  ...(look.code ? { code: true } : {}),
  ...(href ? { link: href } : {}),
});

/** A block of the API with its children as one of ours. */
export function fromWire(wire: WireBlock, children: Block[]): Block {
  const { id, type } = wire;
  if (!isKnown(type))
    return { type: 'foreign', id: id.replaceAll('-', ''), kind: type.replace(/\W/g, '') || 'unknown' };
  const {
    rich_text: texts,
    checked,
    language,
    icon,
  } = Content.catch(Content.parse({})).parse(wire[type] ?? {});
  return {
    type,
    text: type === 'divider' ? [] : mergeSpans(texts.map(spanOf)),
    children,
    ...(type === 'to_do' ? { checked: checked ?? false } : {}),
    ...(type === 'code' && language !== undefined && language !== 'plain text' ? { language } : {}),
    ...(type === 'callout' && icon?.emoji !== undefined ? { icon: icon.emoji } : {}),
  };
}

/** Text as the API takes it: long runs in pieces, never cut within a letter. Null: there is too much of it for one block. */
function richText(spans: readonly Span[]): object[] | null {
  const texts: object[] = [];
  for (const {
    text,
    link,
    bold = false,
    italic = false,
    strike: strikethrough = false,
    code = false,
  } of spans) {
    let piece = '';
    const put = (): void => {
      const annotations = { bold, italic, strikethrough, code };
      const address =
        link !== undefined && URL.canParse(link) && link.length <= mostLetters ? { url: link } : null;
      texts.push({ type: 'text', text: { content: piece, link: address }, annotations });
      piece = '';
    };
    for (const letter of text) {
      if (piece.length + letter.length > mostLetters) put();
      piece += letter;
    }
    if (piece !== '') put();
  }
  return texts.length > mostTexts ? null : texts;
}

/** Blocks of code that the API knows; it refuses others. */
const languages = new Set(
  'bash c c# c++ clojure css dart diff docker elixir go graphql haskell html java javascript json kotlin latex less lua makefile markdown mermaid nix objective-c ocaml perl php powershell python r ruby rust scala scss shell sql swift toml typescript xml yaml'.split(
    ' ',
  ),
);
const spelled: Record<string, string> = {
  ts: 'typescript',
  js: 'javascript',
  py: 'python',
  sh: 'shell',
  yml: 'yaml',
  md: 'markdown',
};

/** A block as the API takes it, without what is below it. Null: its text is too long for Notion. */
export function toWire(block: Exclude<Block, { type: 'foreign' }>): Record<string, unknown> | null {
  const { type } = block;
  if (type === 'divider') return { object: 'block', type, divider: {} };
  const texts = richText(block.text);
  if (!texts) return null;
  const language = spelled[block.language ?? ''] ?? block.language ?? 'plain text';
  return {
    object: 'block',
    type,
    [type]: {
      rich_text: texts,
      ...(type === 'to_do' ? { checked: block.checked ?? false } : {}),
      ...(type === 'code' ? { language: languages.has(language) ? language : 'plain text' } : {}),
      ...(type === 'callout' && block.icon !== undefined && /\p{Extended_Pictographic}/u.test(block.icon)
        ? { icon: { type: 'emoji', emoji: block.icon } }
        : {}),
    },
  };
}
