import type {
  AssistantPart,
  CacheMark,
  FilePart,
  ImagePart,
  Loss,
  ToolCallPart,
  ToolNames,
  ToolResultPart,
  UserPart,
} from '../canonical/index.ts';
import { parseRecord } from '../json/read.ts';
import { noteOnce } from '../losses/note.ts';
import { decodeBase64 } from '../media/base64.ts';
import type { EncodeTarget } from '../protocol.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import { fitCallId } from '../tools/index.ts';
import { encodeThinking } from './encode-thinking.ts';

/** Types of files that are plain text to Messages. */
const TEXT_TYPE = /^(?:text\/|application\/(?:json|xml|yaml|toml|javascript)\b)/;

export type JsonObject = Record<string, unknown>;

/** What an encoder of blocks needs to know on the way. */
export interface BlockEncoding {
  names: ToolNames;
  target: EncodeTarget;
  losses: Loss[];
}

export function encodeCache(cache: CacheMark | undefined): JsonObject {
  return cache ? { cache_control: { type: 'ephemeral', ...(cache.ttl && { ttl: cache.ttl }) } } : {};
}

/** A text block; Anthropic refuses text without anything visible, so that is nothing. */
export function encodeText(text: string, cache?: CacheMark): JsonObject | undefined {
  return text.trim() === '' ? undefined : { type: 'text', text, ...encodeCache(cache) };
}

export function encodeUserPart(
  part: UserPart,
  path: string,
  encoding: BlockEncoding,
): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return encodeText(part.text, part.cache);
    case 'image':
      return encodeImage(part, path, encoding);
    case 'file':
      return encodeFile(part, path, encoding.losses);
    case 'opaque':
      return encodeOpaque(part, path, encoding.losses);
  }
}

export function encodeAssistantPart(
  part: AssistantPart,
  path: string,
  encoding: BlockEncoding,
): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return encodeText(part.text, part.cache);
    case 'refusal':
      return encodeText(part.text);
    case 'reasoning':
      return encodeThinking(part, path, encoding);
    case 'tool-call':
      return encodeCall(part, path, encoding);
    case 'opaque':
      return encodeOpaque(part, path, encoding.losses);
  }
}

export function encodeResult(part: ToolResultPart, path: string, encoding: BlockEncoding): JsonObject {
  const content: JsonObject[] = [];
  part.content.forEach((piece, at) => {
    const block = encodeUserPart(piece, `${path}.content[${at}]`, encoding);
    if (block) content.push(block);
  });
  const only = content.length === 1 ? content[0] : undefined;
  const plain = only?.type === 'text' && only.cache_control === undefined;
  return {
    type: 'tool_result',
    tool_use_id: fitCallId(part.callId, 'anthropic'),
    ...(content.length && { content: plain ? only.text : content }),
    ...(part.isError && { is_error: true }),
    ...encodeCache(part.cache),
  };
}

/** A call's input as the object Anthropic insists on. */
export function callInput(part: Pick<ToolCallPart, 'kind' | 'input'>): JsonObject {
  if (part.kind === 'custom') return { input: part.input };
  if (part.input.trim() === '') return {};
  // A cut or odd argument text still has to stand in the history: it is shown to the model as it was.
  return parseRecord(part.input) ?? { input: part.input };
}

function encodeCall(part: ToolCallPart, path: string, { names, losses }: BlockEncoding): JsonObject {
  if (part.signature) {
    noteOnce(losses, { path, what: 'call signature', why: 'Messages signs thinking, not calls' });
  }
  return {
    type: 'tool_use',
    id: fitCallId(part.id, 'anthropic'),
    name: names.flatten(part),
    input: callInput(part),
    ...encodeCache(part.cache),
  };
}

function encodeImage(part: ImagePart, path: string, { target, losses }: BlockEncoding): JsonObject {
  if (target.quirks?.images === false) {
    losses.push({ path, what: 'image', why: 'the backend takes no images' });
    return { type: 'text', text: '[An image was left out here: this model takes no images.]' };
  }
  if (part.detail && part.detail !== 'auto') {
    noteOnce(losses, { path, what: `image detail ${part.detail}`, why: 'Messages has no image detail' });
  }
  return { type: 'image', source: encodeSource(part.source), ...encodeCache(part.cache) };
}

function encodeFile(part: FilePart, path: string, losses: Loss[]): JsonObject | undefined {
  const { source } = part;
  if (source.kind === 'base64' && source.mediaType.startsWith('image/')) {
    return { type: 'image', source: encodeSource(source), ...encodeCache(part.cache) };
  }
  if (source.kind === 'base64' && TEXT_TYPE.test(source.mediaType)) {
    const data = decodeUtf8(decodeBase64(source.data));
    return {
      type: 'document',
      source: { type: 'text', media_type: 'text/plain', data },
      ...(part.filename && { title: part.filename }),
      ...encodeCache(part.cache),
    };
  }
  if (source.kind === 'base64' && source.mediaType !== 'application/pdf') {
    losses.push({
      path,
      what: `file of type ${source.mediaType}`,
      why: 'Messages takes PDF and plain text only',
    });
    return { type: 'text', text: `[A file was left out here: ${part.filename ?? source.mediaType}]` };
  }
  return {
    type: 'document',
    source: encodeSource(source),
    ...(part.filename && { title: part.filename }),
    ...encodeCache(part.cache),
  };
}

function encodeSource(source: ImagePart['source']): JsonObject {
  if (source.kind === 'url') return { type: 'url', url: source.url };
  if (source.kind === 'file-id') return { type: 'file', file_id: source.fileId };
  return { type: 'base64', media_type: source.mediaType, data: source.data };
}

function encodeOpaque(
  part: Extract<UserPart, { type: 'opaque' }>,
  path: string,
  losses: Loss[],
): JsonObject | undefined {
  if (part.protocol === 'anthropic-messages') return part.raw as JsonObject;
  losses.push({ path, what: `${part.label} part`, why: 'Messages has no such block' });
  return undefined;
}
