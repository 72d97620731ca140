import type {
  AssistantPart,
  CacheMark,
  FilePart,
  ImagePart,
  Loss,
  ReasoningPart,
  Signature,
  TextPart,
  ToolResultContent,
  ToolResultPart,
  UserPart,
} from '../canonical/index.ts';
import { asList, asRecord, asText } from '../json/read.ts';
import { mediaFromUrl } from '../media/data-url.ts';
import { openCallSignature } from '../reasoning/call-carrier.ts';
import type { MessagesBlock, MessagesInnerBlock } from './schema.ts';
import { decodeThinking, NATIVE_ISSUER } from './signature.ts';

type Source = Exclude<NonNullable<MessagesInnerBlock['source']>, string>;

export function decodeCache(mark: { ttl?: string | null | undefined } | null | undefined): {
  cache?: CacheMark;
} {
  if (!mark) return {};
  return { cache: mark.ttl === '5m' || mark.ttl === '1h' ? { ttl: mark.ttl } : {} };
}

export function decodeText(block: MessagesInnerBlock): TextPart {
  return { type: 'text', text: block.text ?? '', ...decodeCache(block.cache_control) };
}

/** A block of a user message that is not a tool result. */
export function decodeUserBlock(block: MessagesInnerBlock, path: string, losses: Loss[]): UserPart {
  return (
    decodeMedia(block, path, losses) ?? {
      type: 'opaque',
      protocol: 'anthropic-messages',
      label: block.type,
      raw: block,
    }
  );
}

/** Text, image, document or what was found by a search; anything else is nothing. */
function decodeMedia(
  block: MessagesInnerBlock,
  path: string,
  losses: Loss[],
): TextPart | ImagePart | FilePart | undefined {
  const cache = decodeCache(block.cache_control);
  if (block.type === 'text') return decodeText(block);
  if (asRecord(block.citations)?.enabled === true) {
    losses.push({ path, what: 'citations', why: 'a translated answer has no place for them' });
  }
  // What is found is text with a title and a place; every protocol can carry that.
  if (block.type === 'search_result') {
    const named = typeof block.source === 'string' ? block.source : '';
    return {
      type: 'text',
      text: [block.title, named, textIn(block.content)].filter(Boolean).join('\n\n'),
      ...cache,
    };
  }
  if (!block.source || typeof block.source === 'string') return undefined;
  if (block.type === 'image') {
    const source = decodeSource(block.source);
    return source && { type: 'image', source, ...cache };
  }
  return block.type === 'document' ? decodeDocument(block, block.source, path, losses) : undefined;
}

function decodeDocument(
  block: MessagesInnerBlock,
  given: Source,
  path: string,
  losses: Loss[],
): TextPart | FilePart | undefined {
  const cache = decodeCache(block.cache_control);
  const context = asText(block.context);
  if (given.type === 'text' || given.type === 'content') {
    // A document of text is text with a title.
    const text = given.type === 'text' ? (given.data ?? '') : textIn(given.content);
    if (given.type === 'content' && holdsMore(given.content)) {
      losses.push({ path, what: 'images of a document', why: 'its text is sent in their place' });
    }
    return { type: 'text', text: [block.title, context, text].filter(Boolean).join('\n\n'), ...cache };
  }
  if (context)
    losses.push({ path, what: 'context of a document', why: 'it has no counterpart outside Messages' });
  const source = decodeSource(given);
  return source && { type: 'file', source, ...(block.title && { filename: block.title }), ...cache };
}

const holdsMore = (content: unknown): boolean =>
  asList(content).some((block) => asRecord(block)?.type !== 'text');

/** The texts of a list of blocks, or a text itself. */
function textIn(content: unknown): string {
  if (typeof content === 'string') return content;
  return asList(content)
    .map((block) => asText(asRecord(block)?.text))
    .filter(Boolean)
    .join('\n\n');
}

function decodeSource(source: Source): ImagePart['source'] | undefined {
  if (source.type === 'base64' && source.data) {
    return { kind: 'base64', mediaType: source.media_type ?? 'application/octet-stream', data: source.data };
  }
  if (source.type === 'url' && source.url) return mediaFromUrl(source.url);
  return source.type === 'file' && source.file_id ? { kind: 'file-id', fileId: source.file_id } : undefined;
}

/** The blocks of one assistant message; a signature that an empty thinking block carries goes back to its call. */
export function decodeAssistantBlocks(blocks: readonly MessagesBlock[]): AssistantPart[] {
  const signed = new Map<string, Signature>();
  const parts: AssistantPart[] = [];
  for (const block of blocks) {
    const carried = block.type === 'thinking' ? openCallSignature(block.signature) : undefined;
    if (carried) {
      signed.set(carried.callId, carried.signature);
      continue;
    }
    const part = decodeAssistantBlock(block);
    const signature = part.type === 'tool-call' ? signed.get(part.id) : undefined;
    parts.push(part.type === 'tool-call' && signature ? { ...part, signature } : part);
  }
  return parts;
}

function decodeAssistantBlock(block: MessagesBlock): AssistantPart {
  switch (block.type) {
    case 'text':
      // Citations belong to server tools; only Anthropic understands them.
      return decodeText(block);
    case 'thinking':
    case 'redacted_thinking':
      return asSummary(decodeThinking(block, NATIVE_ISSUER));
    case 'tool_use':
      return {
        type: 'tool-call',
        kind: 'function',
        id: block.id ?? '',
        name: block.name ?? '',
        input: JSON.stringify(block.input ?? {}),
        ...decodeCache(block.cache_control),
      };
    default:
      return { type: 'opaque', protocol: 'anthropic-messages', label: block.type, raw: block };
  }
}

/** Where another vendor kept the thinking itself encrypted, what the client saw was its summary. */
function asSummary(part: ReasoningPart): ReasoningPart {
  const hidden = part.signature?.kind === 'encrypted' && part.text !== '';
  return hidden ? { ...part, text: '', summary: [part.text] } : part;
}

export function decodeResult(block: MessagesBlock, path: string, losses: Loss[]): ToolResultPart {
  const content: ToolResultContent[] = [];
  if (typeof block.content === 'string') {
    if (block.content !== '') content.push({ type: 'text', text: block.content });
  } else if (Array.isArray(block.content)) {
    (block.content as MessagesInnerBlock[]).forEach((inner, at) => {
      const found = decodeMedia(inner, `${path}.content[${at}]`, losses);
      if (found) content.push(found);
      else {
        const why = 'a tool result carries text, images and documents';
        losses.push({ path: `${path}.content[${at}]`, what: `${inner.type} block`, why });
      }
    });
  }
  return {
    type: 'tool-result',
    kind: 'function',
    callId: block.tool_use_id ?? '',
    content,
    ...(block.is_error && { isError: true }),
    ...decodeCache(block.cache_control),
  };
}
