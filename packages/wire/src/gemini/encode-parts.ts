import type {
  FilePart,
  ImagePart,
  Loss,
  MediaSource,
  ToolCallPart,
  ToolNames,
  ToolResultPart,
  UserPart,
} from '../canonical/index.ts';
import { parseRecord } from '../json/read.ts';
import { noteOnce } from '../losses/note.ts';
import type { EncodeTarget } from '../protocol.ts';
import { takesMediaInResults, type ModelFamily } from './model-family.ts';

export type JsonObject = Record<string, unknown>;

/** What an encoder of parts needs to know on the way. */
export interface PartEncoding {
  names: ToolNames;
  target: EncodeTarget;
  family: ModelFamily;
  losses: Loss[];
}

export function encodeUserPart(part: UserPart, path: string, encoding: PartEncoding): JsonObject | undefined {
  if ('cache' in part && part.cache) {
    noteOnce(encoding.losses, { path, what: 'cache mark', why: 'Gemini caches by itself' });
  }
  switch (part.type) {
    case 'text':
      return part.text === '' ? undefined : { text: part.text };
    case 'image':
    case 'file':
      return encodeMedia(part, path, encoding);
    case 'opaque':
      return encodeOpaque(part, path, encoding.losses);
  }
}

export function encodeOpaque(
  part: Extract<UserPart, { type: 'opaque' }>,
  path: string,
  losses: Loss[],
): JsonObject | undefined {
  if (part.protocol === 'gemini') return part.raw as JsonObject;
  losses.push({ path, what: `${part.label} part`, why: 'Gemini has no such part' });
  return undefined;
}

function encodeMedia(part: ImagePart | FilePart, path: string, { target, losses }: PartEncoding): JsonObject {
  const image = part.type === 'image';
  if (image && target.quirks?.images === false) {
    losses.push({ path, what: 'image', why: 'the backend takes no images' });
    return { text: '[An image was left out here: this model takes no images.]' };
  }
  if (image && part.detail && part.detail !== 'auto') {
    noteOnce(losses, {
      path,
      what: `image detail ${part.detail}`,
      why: 'Gemini sets it for the whole request',
    });
  }
  const { source } = part;
  if (source.kind === 'base64') return { inlineData: { mimeType: source.mediaType, data: source.data } };
  if (source.kind === 'url') return { fileData: { mimeType: guessType(source, image), fileUri: source.url } };
  losses.push({ path, what: `${part.type} by id`, why: 'only the vendor that stores it can read it' });
  return { text: `[A file was left out here: ${source.fileId}]` };
}

const TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  heic: 'image/heic',
  pdf: 'application/pdf',
  txt: 'text/plain',
  mp3: 'audio/mp3',
  wav: 'audio/wav',
  mp4: 'video/mp4',
};

/** Gemini wants the type of what it fetches; a URL only has its ending. */
function guessType({ url }: Extract<MediaSource, { kind: 'url' }>, image: boolean): string {
  const ending = /\.([a-z0-9]{1,5})(?:[?#]|$)/i.exec(url.slice(-2000))?.[1]?.toLowerCase() ?? '';
  const type = Object.hasOwn(TYPES, ending) ? TYPES[ending] : undefined;
  if (image) return type?.startsWith('image/') ? type : 'image/jpeg';
  return type ?? 'application/pdf';
}

/** The id of a call, for backends that know it; the others pair calls and responses by their order. */
export const callId = (id: string, { quirks }: EncodeTarget): { id?: string } =>
  quirks?.functionCallIds === false ? {} : { id };

/** A call's input as the object Gemini insists on. */
export function callArgs({ kind, input }: Pick<ToolCallPart, 'kind' | 'input'>): JsonObject {
  if (kind === 'custom') return { input };
  if (input.trim() === '') return {};
  // A cut or odd argument text still has to stand in the history: it is shown to the model as it was.
  return parseRecord(input) ?? { input };
}

/** A result, and what of it must stand beside it because the model's results hold text only. */
export function encodeResult(
  part: ToolResultPart,
  name: string,
  path: string,
  encoding: PartEncoding,
): { response: JsonObject; beside: JsonObject[] } {
  const texts: string[] = [];
  const media: JsonObject[] = [];
  part.content.forEach((piece, at) => {
    const encoded = encodeUserPart(piece, `${path}.content[${at}]`, encoding);
    if (typeof encoded?.text === 'string') texts.push(encoded.text);
    else if (encoded) media.push(encoded);
  });
  if (part.cache) noteOnce(encoding.losses, { path, what: 'cache mark', why: 'Gemini caches by itself' });
  const within = takesMediaInResults(encoding.family);
  const functionResponse: JsonObject = {
    ...callId(part.callId, encoding.target),
    name,
    response: { [part.isError ? 'error' : 'output']: texts.join('\n') },
  };
  if (media.length && within) functionResponse.parts = media;
  const beside = media.length && !within ? [{ text: `[From the result of ${name}:]` }, ...media] : [];
  return { response: { functionResponse }, beside };
}
