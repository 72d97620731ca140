import type {
  AssistantPart,
  FilePart,
  ImagePart,
  ToolResultContent,
  ToolResultPart,
  UserPart,
} from '../canonical/index.ts';
import { mediaFromUrl } from '../media/data-url.ts';
import type { CallIds } from './call-ids.ts';
import type { GeminiPart } from './schema.ts';
import { decodeSignature, NATIVE_ISSUER } from './signature.ts';

type Blob = NonNullable<GeminiPart['inlineData']>;
type File = NonNullable<GeminiPart['fileData']>;
type FunctionResponse = NonNullable<GeminiPart['functionResponse']>;

/** A part of a user turn that is not a function response. */
export function decodeUserPart(part: GeminiPart): UserPart {
  if (typeof part.text === 'string' && !part.thought) return { type: 'text', text: part.text };
  // Clipped videos and the like: their settings would be lost with any other form.
  if (part.inlineData && !part.videoMetadata) return decodeBlob(part.inlineData);
  if (part.fileData && !part.videoMetadata) return decodeFile(part.fileData);
  return { type: 'opaque', protocol: 'gemini', label: labelOf(part), raw: part };
}

/** A part of a model turn; a signed text is followed by an empty piece of reasoning that keeps its signature. */
export function decodeAssistantPart(part: GeminiPart, ids: CallIds): AssistantPart[] {
  const opened = decodeSignature(part.thoughtSignature, NATIVE_ISSUER);
  if (part.functionCall) {
    const { id, name, args } = part.functionCall;
    const { text: _, ...signature } = opened ?? { text: undefined };
    return [
      {
        type: 'tool-call',
        kind: 'function',
        id: ids.call(id, name),
        name,
        input: JSON.stringify(args ?? {}),
        ...('data' in signature && { signature }),
      },
    ];
  }
  if (typeof part.text !== 'string') {
    return [{ type: 'opaque', protocol: 'gemini', label: labelOf(part), raw: part }];
  }
  const { text: sealedText, ...signature } = opened ?? { text: undefined };
  const signed = 'data' in signature ? { signature } : {};
  if (part.thought) {
    const text = sealedText ?? part.text;
    // Where another vendor kept the thinking itself encrypted, what the client saw was its summary.
    if ('data' in signature && signature.kind === 'encrypted') {
      return [{ type: 'reasoning', text: '', summary: text === '' ? [] : [text], signature }];
    }
    return [{ type: 'reasoning', text, summary: [], ...signed }];
  }
  const parts: AssistantPart[] = part.text === '' ? [] : [{ type: 'text', text: part.text }];
  if ('data' in signature) parts.push({ type: 'reasoning', text: sealedText ?? '', summary: [], signature });
  return parts;
}

export function decodeResult(response: FunctionResponse, ids: CallIds): ToolResultPart {
  const { text, isError } = readResponse(response.response ?? {});
  const content: ToolResultContent[] = text === '' ? [] : [{ type: 'text', text }];
  for (const part of response.parts ?? []) {
    if (part.inlineData) content.push(decodeBlob(part.inlineData));
    else if (part.fileData) content.push(decodeFile(part.fileData));
  }
  return {
    type: 'tool-result',
    kind: 'function',
    callId: ids.response(response.id, response.name),
    content,
    ...(isError && { isError }),
  };
}

/** `{output}` and `{error}` are Gemini's own words for a result; any other object is the result itself. */
function readResponse(response: Record<string, unknown>): { text: string; isError: boolean } {
  const entries = Object.entries(response);
  const [key, value] = entries.length === 1 ? (entries[0] ?? []) : [];
  if (entries.length === 0) return { text: '', isError: false };
  if (key !== 'output' && key !== 'error' && key !== 'result') {
    return { text: JSON.stringify(response), isError: false };
  }
  return { text: typeof value === 'string' ? value : JSON.stringify(value), isError: key === 'error' };
}

function decodeBlob({ mimeType, data, displayName }: Blob): ImagePart | FilePart {
  const mediaType = mimeType || 'application/octet-stream';
  const source = { kind: 'base64', mediaType, data } as const;
  if (mediaType.startsWith('image/')) return { type: 'image', source };
  return { type: 'file', source, ...(displayName && { filename: displayName }) };
}

function decodeFile({ fileUri, mimeType }: File): ImagePart | FilePart {
  const source = mediaFromUrl(fileUri);
  return { type: mimeType?.startsWith('image/') ? 'image' : 'file', source };
}

/** The vendor's own word for a part: its first field that says what it is. */
export function labelOf(part: Record<string, unknown>): string {
  return Object.keys(part).find((key) => key !== 'thought' && key !== 'thoughtSignature') ?? 'empty';
}
