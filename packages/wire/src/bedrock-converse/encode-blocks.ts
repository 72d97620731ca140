import type {
  AssistantPart,
  CacheMark,
  Loss,
  ReasoningPart,
  ToolCallPart,
  ToolNames,
  ToolResultPart,
  UserPart,
} from '../canonical/index.ts';
import { parseRecord } from '../json/read.ts';
import { noteOnce } from '../losses/note.ts';
import type { EncodeTarget } from '../protocol.ts';
import { fitCallId } from '../tools/index.ts';
import { encodeFile, encodeImage } from './encode-media.ts';
import { takesCachePoints, type ModelFamily } from './model-family.ts';

export type JsonObject = Record<string, unknown>;

/** What an encoder of blocks needs to know on the way. */
export interface BlockEncoding {
  names: ToolNames;
  target: EncodeTarget;
  family: ModelFamily;
  losses: Loss[];
  /** Documents so far: each needs a name of its own in the request. */
  documents: Set<string>;
}

/** What stands for a result without anything to see: Converse refuses an empty list and blank text. */
const EMPTY_RESULT = '(empty)';

/** A cache point behind what was marked. */
export function cachePoint(
  cache: CacheMark | undefined,
  path: string,
  { family, losses }: BlockEncoding,
): JsonObject[] {
  if (!cache) return [];
  if (takesCachePoints(family)) {
    return [{ cachePoint: { type: 'default', ...(cache.ttl === '1h' && { ttl: '1h' }) } }];
  }
  noteOnce(losses, { path, what: 'cache mark', why: 'the model takes no cache points' });
  return [];
}

/** A text block; Converse refuses text without anything visible, so that is nothing. */
export function encodeText(text: string): JsonObject[] {
  return text.trim() === '' ? [] : [{ text }];
}

export function encodeUserPart(part: UserPart, path: string, encoding: BlockEncoding): JsonObject[] {
  switch (part.type) {
    case 'text':
      return marked(encodeText(part.text), part.cache, path, encoding);
    case 'image':
      return marked([encodeImage(part, path, encoding)], part.cache, path, encoding);
    case 'file':
      return marked([encodeFile(part, path, encoding)], part.cache, path, encoding);
    case 'opaque':
      return foreign(part.label, path, encoding);
  }
}

export function encodeAssistantPart(
  part: AssistantPart,
  path: string,
  encoding: BlockEncoding,
): JsonObject[] {
  switch (part.type) {
    case 'text':
      return marked(encodeText(part.text), part.cache, path, encoding);
    case 'refusal':
      return encodeText(part.text);
    case 'reasoning':
      return encodeReasoning(part, path, encoding);
    case 'tool-call':
      return marked([encodeCall(part, path, encoding)], part.cache, path, encoding);
    case 'opaque':
      return foreign(part.label, path, encoding);
  }
}

/** A tool's result; a cache point inside it stands behind it. */
export function encodeResult(part: ToolResultPart, path: string, encoding: BlockEncoding): JsonObject[] {
  const content: JsonObject[] = [];
  const points: JsonObject[] = [];
  part.content.forEach((piece, at) => {
    for (const block of encodeUserPart(piece, `${path}.content[${at}]`, encoding)) {
      (block.cachePoint ? points : content).push(block);
    }
  });
  if (content.length === 0) content.push({ text: EMPTY_RESULT });
  const result: JsonObject = { toolUseId: fitCallId(part.callId, 'anthropic'), content };
  if (part.isError && (encoding.family === 'claude' || encoding.family === 'nova')) result.status = 'error';
  else if (part.isError) {
    noteOnce(encoding.losses, { path, what: 'error flag of a result', why: 'the model takes no status' });
  }
  return [
    { toolResult: result },
    ...(part.cache ? cachePoint(part.cache, path, encoding) : points.slice(-1)),
  ];
}

function marked(
  blocks: JsonObject[],
  cache: CacheMark | undefined,
  path: string,
  encoding: BlockEncoding,
): JsonObject[] {
  if (blocks.length && cache) blocks.push(...cachePoint(cache, path, encoding));
  return blocks;
}

/** Reasoning goes back byte for byte, if and only if this provider signed it. */
function encodeReasoning(
  { text, signature }: ReasoningPart,
  path: string,
  { target, losses }: BlockEncoding,
): JsonObject[] {
  if (!signature) {
    noteOnce(losses, { path, what: 'unsigned reasoning', why: 'Converse takes signed reasoning only' });
    return [];
  }
  if (signature.issuer !== target.issuer || signature.kind === 'encrypted') {
    const why = 'only its issuer can read its signature';
    noteOnce(losses, { path, what: 'reasoning of another provider', why });
    return [];
  }
  const content =
    signature.kind === 'redacted'
      ? { redactedContent: signature.data }
      : { reasoningText: { text, signature: signature.data } };
  return [{ reasoningContent: content }];
}

function encodeCall(part: ToolCallPart, path: string, { names, losses }: BlockEncoding): JsonObject {
  if (part.signature) {
    noteOnce(losses, { path, what: 'call signature', why: 'Converse signs reasoning, not calls' });
  }
  return {
    toolUse: {
      toolUseId: fitCallId(part.id, 'anthropic'),
      name: names.flatten(part),
      input: callInput(part),
    },
  };
}

function callInput({ kind, input }: ToolCallPart): JsonObject {
  if (kind === 'custom') return { input };
  if (input.trim() === '') return {};
  // A cut or odd argument text still has to stand in the history: it is shown to the model as it was.
  return parseRecord(input) ?? { input };
}

function foreign(label: string, path: string, { losses }: BlockEncoding): JsonObject[] {
  losses.push({ path, what: `${label} part`, why: 'Converse has no such block' });
  return [];
}
