import type { ModelAbility } from '@vigiles/contract';
import type { TurnRequest } from '@vigiles/wire';

/** Words without which a request needs nothing special, whatever its protocol: finding them is cheap, reading it is not. */
const SIGNS: Record<ModelAbility, readonly string[]> = {
  images: ['image', 'inlineData', 'inline_data', 'fileData', 'file_data'],
  tools: ['"tools"', '"functions"'],
  reasoning: ['"reasoning', '"thinking'],
  structured_output: ['chema"'],
};

/** Whether a request may need any of the abilities that matter. */
export const mayNeed = (body: Buffer, abilities: readonly ModelAbility[]): boolean =>
  abilities.some((ability) => SIGNS[ability].some((sign) => body.includes(sign)));

/** What a request needs of a model. */
export function needsOf(request: TurnRequest): ModelAbility[] {
  const needs: ModelAbility[] = [];
  const pictured = request.messages.some(({ role, parts }) =>
    parts.some(
      (part) =>
        part.type === 'image' ||
        (role === 'tool' && part.type === 'tool-result' && part.content.some(({ type }) => type === 'image')),
    ),
  );
  if (pictured) needs.push('images');
  if (request.tools.length > 0 || request.toolChoice?.type === 'required') needs.push('tools');
  const { reasoning, responseFormat } = request;
  const thinks =
    (reasoning?.effort !== undefined && reasoning.effort !== 'none' && reasoning.effort !== 'minimal') ||
    reasoning?.budgetTokens !== undefined ||
    reasoning?.adaptive === true;
  if (thinks) needs.push('reasoning');
  if (responseFormat?.type === 'json-schema') needs.push('structured_output');
  return needs;
}

/** Bytes of pictures and files that stand in the body as base64: they are no text. */
export function mediaBytes(request: TurnRequest): number {
  let bytes = 0;
  for (const { parts } of request.messages) {
    for (const part of parts) {
      const media = part.type === 'tool-result' ? part.content : [part];
      for (const one of media) {
        if ((one.type === 'image' || one.type === 'file') && one.source.kind === 'base64') {
          bytes += one.source.data.length;
        }
      }
    }
  }
  return bytes;
}
