import type { CacheMark, FilePart, ImagePart, Loss, TextPart, UserPart } from '../canonical/index.ts';
import { noteOnce } from '../losses/note.ts';
import { audioFormat, audioType } from '../media/audio.ts';
import { urlFromMedia } from '../media/data-url.ts';
import type { TargetQuirks } from '../protocol.ts';

type JsonObject = Record<string, unknown>;

/** What stands in the prompt for an image the backend cannot take. */
const IMAGE_LEFT_OUT = '[An image was left out here: this model takes no images.]';

/** Texts of one message as one string: the form every backend takes. */
export function joinTexts(parts: readonly TextPart[], path: string, losses: Loss[]): string {
  for (const part of parts) noteCache(part.cache, path, losses);
  return parts.length === 1 && parts[0] ? parts[0].text : parts.map((part) => part.text).join('\n\n');
}

/** A user message's content: a string when it is all text, otherwise a list of parts. */
export function encodeUserContent(
  parts: readonly UserPart[],
  path: string,
  quirks: TargetQuirks,
  losses: Loss[],
): string | JsonObject[] {
  if (parts.every((part) => part.type === 'text')) return joinTexts(parts, path, losses);
  const encoded: JsonObject[] = [];
  parts.forEach((part, at) => {
    const found = encodeUserPart(part, `${path}.parts[${at}]`, quirks, losses);
    if (found) encoded.push(found);
  });
  return encoded.length ? encoded : '';
}

function encodeUserPart(
  part: UserPart,
  path: string,
  quirks: TargetQuirks,
  losses: Loss[],
): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      noteCache(part.cache, path, losses);
      return { type: 'text', text: part.text };
    case 'image':
      noteCache(part.cache, path, losses);
      return encodeImage(part, path, quirks, losses);
    case 'file':
      noteCache(part.cache, path, losses);
      return encodeFile(part, path, losses);
    case 'opaque':
      if (part.protocol === 'openai-chat') return part.raw as JsonObject;
      losses.push({ path, what: `${part.label} part`, why: 'Chat Completions has no such part' });
      return undefined;
  }
}

function encodeImage(part: ImagePart, path: string, quirks: TargetQuirks, losses: Loss[]): JsonObject {
  const url = urlFromMedia(part.source);
  if (quirks.images === false || url === undefined) {
    const why =
      url === undefined ? 'Chat Completions takes images by URL only' : 'the backend takes no images';
    losses.push({ path, what: 'image', why });
    return { type: 'text', text: IMAGE_LEFT_OUT };
  }
  return { type: 'image_url', image_url: { url, ...(part.detail && { detail: part.detail }) } };
}

function encodeFile(part: FilePart, path: string, losses: Loss[]): JsonObject {
  const { source } = part;
  const type = audioType(part);
  if (type !== undefined && source.kind === 'base64')
    return { type: 'input_audio', input_audio: { data: source.data, format: audioFormat(type) } };
  const filename = part.filename === undefined ? {} : { filename: part.filename };
  if (source.kind === 'file-id') return { type: 'file', file: { file_id: source.fileId, ...filename } };
  if (source.kind === 'base64')
    return { type: 'file', file: { file_data: urlFromMedia(source), ...filename } };
  losses.push({
    path,
    what: 'file by URL',
    why: 'Chat Completions takes files by id or inline; its address is sent as text',
  });
  return { type: 'text', text: `[File: ${source.url}]` };
}

export function noteCache(cache: CacheMark | undefined, path: string, losses: Loss[]): void {
  if (cache) noteOnce(losses, { path, what: 'cache breakpoint', why: 'Chat Completions caches by itself' });
}
