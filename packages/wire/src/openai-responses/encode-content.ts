import type { Loss, MediaSource, ToolResultContent, UserPart } from '../canonical/index.ts';
import { AUDIO_LEFT_OUT, audioType } from '../media/audio.ts';
import { urlFromMedia } from '../media/data-url.ts';

type JsonObject = Record<string, unknown>;

/** What encoding a part needs besides the part. */
export interface ContentEncoding {
  losses: Loss[];
  /** False where the backend takes no images. */
  images: boolean;
}

/** A text, image or file as an input part; nothing where the target cannot take it. */
export function encodeInputPart(
  part: ToolResultContent,
  path: string,
  { losses, images }: ContentEncoding,
): JsonObject | undefined {
  if (part.type === 'text') return { type: 'input_text', text: part.text };
  if (part.type === 'file' && audioType(part) !== undefined) {
    losses.push({ path, what: 'sound', why: 'Responses takes none' });
    return { type: 'input_text', text: AUDIO_LEFT_OUT };
  }
  if (part.type === 'file') return encodeFile(part.source, part.filename);
  if (!images) {
    losses.push({ path, what: 'image', why: 'the model takes no images' });
    return undefined;
  }
  const detail = part.detail && { detail: part.detail };
  return part.source.kind === 'file-id'
    ? { type: 'input_image', file_id: part.source.fileId, ...detail }
    : { type: 'input_image', image_url: urlFromMedia(part.source), ...detail };
}

/** Content of a user message; opaque parts of other protocols are losses. */
export function encodeUserParts(
  parts: readonly UserPart[],
  path: string,
  encoding: ContentEncoding,
): JsonObject[] {
  const encoded: JsonObject[] = [];
  for (const [at, part] of parts.entries()) {
    const where = `${path}.parts[${at}]`;
    const piece =
      part.type === 'opaque' ? encodeOpaque(part, where, encoding) : encodeInputPart(part, where, encoding);
    if (piece) encoded.push(piece);
  }
  return encoded;
}

/** A tool's output: a plain string where it is one text, otherwise a list of parts. */
export function encodeToolOutput(
  content: readonly ToolResultContent[],
  path: string,
  encoding: ContentEncoding,
): string | JsonObject[] {
  const only = content.length === 1 ? content[0] : undefined;
  if (content.length === 0) return '';
  if (only?.type === 'text') return only.text;
  const parts: JsonObject[] = [];
  for (const [at, part] of content.entries()) {
    const piece = encodeInputPart(part, `${path}.content[${at}]`, encoding);
    if (piece) parts.push(piece);
  }
  return parts;
}

/** A piece kept from a Responses client goes back as it was; one of another protocol is a loss. */
export function encodeOpaque(
  part: { protocol: string; label: string; raw: unknown },
  path: string,
  { losses }: ContentEncoding,
): JsonObject | undefined {
  if (part.protocol === 'openai-responses') return part.raw as JsonObject;
  losses.push({ path, what: part.label, why: `only ${part.protocol} understands it` });
  return undefined;
}

function encodeFile(source: MediaSource, filename: string | undefined): JsonObject {
  const name = filename !== undefined && { filename };
  if (source.kind === 'file-id') return { type: 'input_file', file_id: source.fileId, ...name };
  if (source.kind === 'url') return { type: 'input_file', file_url: source.url, ...name };
  // The API refuses inline data without a name.
  return { type: 'input_file', filename: filename ?? 'file', file_data: urlFromMedia(source) };
}
