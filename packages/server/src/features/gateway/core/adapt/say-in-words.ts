import { asObject, type Body } from './body.ts';

/** A schema longer than this is not put into words, bytes. */
const MAX_SCHEMA = 64 * 1024;

/**
 * The wanted form of the answer as an instruction, where the server cannot be held to it. The answer's form is then
 * likely and no longer sure, which is told.
 * @param as what the server is still asked for
 */
export function sayFormat(body: Body, as: 'json_object' | 'json_schema' | 'none'): string | undefined {
  const format = asObject(body['response_format']);
  const type = format?.['type'];
  if (!format || (type !== 'json_schema' && type !== 'json_object') || type === as) return undefined;
  const schema = asObject(format['json_schema'])?.['schema'];
  const text = schema === undefined ? undefined : JSON.stringify(schema);
  if (text !== undefined && text.length > MAX_SCHEMA) return undefined;
  if (as === 'json_schema') {
    // Servers that take schemas only: any object will do.
    body['response_format'] = {
      type: 'json_schema',
      json_schema: { name: 'answer', schema: { type: 'object' } },
    };
    return '';
  }
  instruct(
    body,
    text === undefined
      ? 'Answer with one JSON object and nothing else: no prose, no code fence.'
      : `Answer with one JSON value and nothing else: no prose, no code fence. It must be valid against this JSON Schema:\n${text}`,
  );
  if (as === 'none') delete body['response_format'];
  else body['response_format'] = { type: 'json_object' };
  return `${type} is asked for in words, the server does not enforce it`;
}

/** A forced tool choice as an instruction, where the server leaves the choice to the model. */
export function sayToolChoice(body: Body): string | undefined {
  const choice = body['tool_choice'];
  if (choice === undefined || choice === 'auto' || choice === 'none') return undefined;
  const name = asObject(asObject(choice)?.['function'])?.['name'] ?? asObject(choice)?.['name'];
  const type = typeof choice === 'string' ? choice : asObject(choice)?.['type'];
  if (typeof name !== 'string' && type !== 'required' && type !== 'any') return undefined;
  instruct(
    body,
    typeof name === 'string'
      ? `Call the tool "${name}" now; do not answer in text.`
      : 'Call one of the tools now; do not answer in text.',
  );
  delete body['tool_choice'];
  return 'the tool choice is asked for in words, the server does not enforce it';
}

/** Adds a line to what the operator says, wherever the protocol keeps that. */
function instruct(body: Body, text: string): void {
  if (Array.isArray(body['input']) || typeof body['input'] === 'string') {
    body['instructions'] = joined(body['instructions'], text);
    return;
  }
  const messages = Array.isArray(body['messages']) ? body['messages'] : [];
  const first = asObject(messages[0]);
  if (first?.['role'] === 'system' && typeof first['content'] === 'string')
    first['content'] = joined(first['content'], text);
  else body['messages'] = [{ role: 'system', content: text }, ...messages];
}

const joined = (before: unknown, text: string): string =>
  typeof before === 'string' && before !== '' ? `${before}\n\n${text}` : text;
