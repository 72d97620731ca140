import type { AssistantPart, CacheMark, FilePart, TextPart, UserPart } from '../canonical/index.ts';
import { asRecord, asText } from '../json/read.ts';
import { typeOfAudio } from '../media/audio.ts';
import { mediaFromUrl } from '../media/data-url.ts';
import type { ChatContentPart, ChatMessage } from './schema.ts';

type Content = ChatMessage['content'];

/** The text of a content field; parts that are not text are left out. */
export function decodeTextParts(content: Content): TextPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return (content ?? []).filter((part) => part.type === 'text').map(decodeText);
}

/** A user message's content. What has no canonical form (video) is kept for its own protocol. */
export function decodeUserParts(content: Content): UserPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return (content ?? []).map(decodeUserPart);
}

/** The visible content of an assistant message. */
export function decodeAssistantContent(content: Content): AssistantPart[] {
  if (typeof content === 'string' || !content) return decodeTextParts(content);
  return content.map((part) => {
    if (part.type === 'text') return decodeText(part);
    if (part.type === 'refusal') return { type: 'refusal', text: part.refusal ?? '' };
    return { type: 'opaque', protocol: 'openai-chat', label: part.type, raw: part };
  });
}

export function decodeUserPart(part: ChatContentPart): UserPart {
  const cache = decodeCache(part.cache_control);
  if (part.type === 'text') return decodeText(part);
  if (part.type === 'image_url' && part.image_url) {
    const image = typeof part.image_url === 'string' ? { url: part.image_url } : part.image_url;
    const detail = decodeDetail(image.detail);
    return {
      type: 'image',
      source: mediaFromUrl(image.url),
      ...(detail && { detail }),
      ...(cache && { cache }),
    };
  }
  if (part.type === 'file' && part.file) {
    const source = decodeFileSource(part.file);
    const filename = part.file.filename;
    if (source) return { type: 'file', source, ...(filename && { filename }), ...(cache && { cache }) };
  }
  const sound = part.type === 'input_audio' ? asRecord(part.input_audio) : undefined;
  const [data, format] = [asText(sound?.data), asText(sound?.format)];
  if (data !== undefined && format !== undefined) {
    const source = { kind: 'base64', mediaType: typeOfAudio(format), data } as const;
    return { type: 'file', source, ...(cache && { cache }) };
  }
  return { type: 'opaque', protocol: 'openai-chat', label: part.type, raw: part };
}

export function decodeCache(
  mark: { ttl?: string | null | undefined } | null | undefined,
): CacheMark | undefined {
  if (!mark) return undefined;
  return mark.ttl === '1h' || mark.ttl === '5m' ? { ttl: mark.ttl } : {};
}

function decodeText(part: ChatContentPart): TextPart {
  const cache = decodeCache(part.cache_control);
  return { type: 'text', text: part.text ?? '', ...(cache && { cache }) };
}

function decodeDetail(detail: unknown): 'auto' | 'low' | 'high' | 'original' | undefined {
  return detail === 'auto' || detail === 'low' || detail === 'high' || detail === 'original'
    ? detail
    : undefined;
}

function decodeFileSource(file: NonNullable<ChatContentPart['file']>): FilePart['source'] | undefined {
  if (file.file_id) return { kind: 'file-id', fileId: file.file_id };
  if (!file.file_data) return undefined;
  if (/^(data|https?):/.test(file.file_data)) return mediaFromUrl(file.file_data);
  const mediaType = file.filename?.toLowerCase().endsWith('.pdf')
    ? 'application/pdf'
    : 'application/octet-stream';
  return { kind: 'base64', mediaType, data: file.file_data };
}
