import type {
  AssistantPart,
  FilePart,
  ImagePart,
  Loss,
  MediaSource,
  TextPart,
  ToolResultContent,
  UserPart,
} from '../canonical/index.ts';
import { asList, asRecord } from '../json/read.ts';
import { mediaFromUrl } from '../media/data-url.ts';
import type { ResponsesContentPart } from './schema.ts';

type Content = string | readonly ResponsesContentPart[] | null | undefined;

const DETAILS = ['auto', 'low', 'high', 'original'] as const;

/** Content of a user message. What this package does not know is kept for Responses upstreams. */
export function decodeUserContent(content: Content, path: string, losses: Loss[]): UserPart[] {
  return eachPart(content, (part, at) => {
    const known = decodeInputPart(part);
    if (known) return known;
    if (isMedia(part.type)) return void losses.push(emptyPart(part.type, `${path}[${at}]`));
    return { type: 'opaque', protocol: 'openai-responses', label: part.type, raw: part };
  });
}

/** Content of a system or developer message: text only. */
export function decodeSystemContent(content: Content, path: string, losses: Loss[]): TextPart[] {
  return eachPart(content, (part, at) => {
    if (typeof part.text === 'string') return { type: 'text', text: part.text };
    const why = 'system and developer messages hold text only';
    return void losses.push({ path: `${path}[${at}]`, what: part.type, why });
  });
}

/** Content of an assistant message. */
export function decodeAssistantContent(content: Content, path: string, losses: Loss[]): AssistantPart[] {
  return eachPart(content, (part, at): AssistantPart => {
    if (part.type === 'refusal') return { type: 'refusal', text: part.refusal ?? '' };
    if (typeof part.text !== 'string') {
      return { type: 'opaque', protocol: 'openai-responses', label: part.type, raw: part };
    }
    if (asList(part.annotations).length) {
      const why = 'citations are not part of the common vocabulary';
      losses.push({ path: `${path}[${at}].annotations`, what: 'annotations', why });
    }
    return { type: 'text', text: part.text };
  });
}

/** A tool's output: a string, a list of parts, or (from careless clients) any JSON. */
export function decodeToolOutput(output: unknown, path: string, losses: Loss[]): ToolResultContent[] {
  if (typeof output === 'string') return [{ type: 'text', text: output }];
  if (!Array.isArray(output)) return [{ type: 'text', text: JSON.stringify(output) ?? '' }];
  const decoded: ToolResultContent[] = [];
  for (const [at, raw] of output.entries()) {
    const record = asRecord(raw);
    const part =
      typeof record?.type === 'string' ? decodeInputPart(record as ResponsesContentPart) : undefined;
    if (part) decoded.push(part);
    else {
      const what = typeof record?.type === 'string' ? record.type : 'an output part without a type';
      losses.push({ path: `${path}[${at}]`, what, why: 'tool results hold text, images and files' });
    }
  }
  return decoded;
}

function eachPart<T>(
  content: Content,
  decode: (part: ResponsesContentPart, at: number) => T | TextPart | undefined | void,
): (T | TextPart)[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  const decoded: (T | TextPart)[] = [];
  for (const [at, part] of (content ?? []).entries()) {
    const found = decode(part, at);
    if (found) decoded.push(found);
  }
  return decoded;
}

function decodeInputPart(part: ResponsesContentPart): TextPart | ImagePart | FilePart | undefined {
  if (part.type === 'input_image') return decodeImage(part);
  if (part.type === 'input_file') return decodeFile(part);
  const isText = part.type === 'input_text' || part.type === 'output_text' || part.type === 'text';
  return isText && typeof part.text === 'string' ? { type: 'text', text: part.text } : undefined;
}

function decodeImage(part: ResponsesContentPart): ImagePart | undefined {
  const source = mediaSource(part.image_url, part.file_id);
  if (!source) return undefined;
  const detail = DETAILS.find((known) => known === part.detail);
  return detail ? { type: 'image', source, detail } : { type: 'image', source };
}

function decodeFile(part: ResponsesContentPart): FilePart | undefined {
  const source = part.file_data ? fileData(part.file_data) : mediaSource(part.file_url, part.file_id);
  if (!source) return undefined;
  return part.filename ? { type: 'file', source, filename: part.filename } : { type: 'file', source };
}

/** `file_data` is a data URL; some clients send the bare base64. */
function fileData(data: string): MediaSource {
  return data.startsWith('data:')
    ? mediaFromUrl(data)
    : { kind: 'base64', mediaType: 'application/octet-stream', data };
}

function mediaSource(
  url: string | null | undefined,
  fileId: string | null | undefined,
): MediaSource | undefined {
  if (url) return mediaFromUrl(url);
  return fileId ? { kind: 'file-id', fileId } : undefined;
}

function isMedia(type: string): boolean {
  return type === 'input_image' || type === 'input_file';
}

function emptyPart(type: string, path: string): Loss {
  return { path, what: `${type} without content`, why: 'it names no URL, data or file id' };
}
