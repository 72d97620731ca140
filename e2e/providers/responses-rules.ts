import { Refusal, refuseUnknown } from './provider-server.ts';

/** What the Responses API enforces on a request, as far as its reference and its error messages tell. */

type JsonObject = Record<string, unknown>;

export interface Item extends JsonObject {
  type?: string;
  id?: string;
  role?: string;
  content?: unknown;
  call_id?: string;
  name?: string;
  namespace?: string;
  arguments?: unknown;
  input?: unknown;
  output?: unknown;
  encrypted_content?: string;
  tools?: Tool[];
}

/** A tool as it is offered; namespaces hold tools of their own. */
export interface Tool extends JsonObject {
  type: string;
  name?: string;
  namespace?: string;
  description?: string;
  tools?: Tool[];
}

/** What this provider gave out: encrypted reasoning with its item's id, and which items followed it. */
export interface Issued {
  reasoning: Map<string, string>;
  /** Id of an item → id of the reasoning item right before it. */
  ledBy: Map<string, string>;
}

const words = (text: string): string[] => text.split(' ');

const requestFields = words(
  'model input instructions tools tool_choice parallel_tool_calls max_output_tokens temperature top_p top_logprobs stream stream_options store background reasoning text include metadata user safety_identifier truncation previous_response_id prompt_cache_key service_tier client_metadata',
);
const includable = words(
  'reasoning.encrypted_content message.output_text.logprobs web_search_call.action.sources',
);

/** Fields of each item type, and what its id begins with. */
const itemTypes: Record<string, { id: string; fields: string[] }> = {
  message: { id: 'msg', fields: words('role content status phase') },
  function_call: { id: 'fc', fields: words('call_id name namespace arguments status') },
  function_call_output: { id: 'fc', fields: words('call_id output status') },
  custom_tool_call: { id: 'ctc', fields: words('call_id name namespace input status') },
  custom_tool_call_output: { id: 'ctc', fields: words('call_id output status') },
  reasoning: { id: 'rs', fields: words('summary content encrypted_content status') },
  additional_tools: { id: '', fields: words('role tools') },
};
const toolFields: Record<string, string[]> = {
  function: words('name description parameters strict defer_loading'),
  custom: words('name description format defer_loading'),
  namespace: words('name description tools'),
  tool_search: words('execution description parameters'),
  web_search: words(
    'external_web_access filters search_context_size user_location search_content_types indexed_web_access',
  ),
};
const partsOf: Record<string, string[]> = {
  user: words('input_text input_image input_file'),
  system: words('input_text'),
  developer: words('input_text'),
  assistant: words('output_text refusal'),
};
const toolName = /^[a-zA-Z0-9_-]{1,64}$/;
const outputs: Record<string, string> = {
  function_call_output: 'function_call',
  custom_tool_call_output: 'custom_tool_call',
};

/** Checks a whole request. `lite`: it says that its tools stand in the input. */
export function checkRequest(
  body: JsonObject,
  lite: boolean,
  issued: Issued,
): { tools: Tool[]; results: string[]; returned: number } {
  refuseUnknown(body, requestFields, (field) => `Unknown parameter: '${field}'.`);
  if (typeof body['model'] !== 'string') throw new Refusal(400, "Missing required parameter: 'model'.");
  for (const one of (body['include'] ?? []) as string[])
    if (!includable.includes(one)) throw new Refusal(400, `Invalid value: '${one}'.`);
  const limit = body['max_output_tokens'];
  if (typeof limit === 'number' && limit < 16)
    throw new Refusal(
      400,
      `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16.`,
    );
  const input = typeof body['input'] === 'string' ? [] : (body['input'] as Item[] | undefined);
  if (!input) throw new Refusal(400, "Missing required parameter: 'input'.");
  const tools = [...((body['tools'] ?? []) as Tool[])];
  for (const [at, item] of input.entries()) {
    if (item.type !== 'additional_tools') continue;
    if (!lite || item.role !== 'developer')
      throw new Refusal(400, `input[${at}]: Invalid value: 'additional_tools'.`);
    tools.push(...(item.tools ?? []));
  }
  checkTools(tools, 'tools');
  checkChoice(body, tools);
  return { tools, ...checkInput(input, body, issued) };
}

function checkTools(tools: readonly Tool[], path: string): void {
  const seen = new Set<string>();
  for (const [at, { type, ...tool }] of tools.entries()) {
    const where = `${path}[${at}]`;
    const fields = toolFields[type];
    if (!fields) throw new Refusal(400, `Invalid value: '${type}' at '${where}.type'.`);
    refuseUnknown(tool, fields, (field) => `Unknown parameter: '${where}.${field}'.`);
    if (type === 'tool_search' || type === 'web_search') continue;
    if (!toolName.test(tool.name ?? '')) throw new Refusal(400, `Invalid '${where}.name': '${tool.name}'.`);
    if (seen.has(tool.name ?? ''))
      throw new Refusal(400, `Duplicate tool name '${tool.name}' at '${where}'.`);
    seen.add(tool.name ?? '');
    if (type === 'function') checkFunction(tool, where);
    if (type === 'namespace') {
      if (tool.description === undefined)
        throw new Refusal(400, `Missing required parameter: '${where}.description'.`);
      checkTools(tool.tools ?? [], `${where}.tools`);
    }
  }
}

/** `strict` is on unless it is switched off, and then the schema must be closed. */
function checkFunction(tool: JsonObject, where: string): void {
  const schema = tool['parameters'] as JsonObject | undefined;
  if (schema?.['type'] !== 'object')
    throw new Refusal(400, `Invalid schema for function at '${where}': schema must be of type "object".`);
  if (tool['strict'] === false) return;
  if (schema['additionalProperties'] !== false)
    throw new Refusal(400, `Invalid schema at '${where}': 'additionalProperties' is required to be false.`);
  const wanted = Object.keys(schema['properties'] ?? {});
  const required = (schema['required'] ?? []) as string[];
  if (wanted.some((name) => !required.includes(name)))
    throw new Refusal(400, `Invalid schema at '${where}': 'required' must include every key in properties.`);
}

function checkChoice({ tool_choice: choice }: JsonObject, tools: readonly Tool[]): void {
  if (choice === undefined || choice === 'auto' || choice === 'none') return;
  if (choice === 'required') {
    if (tools.length === 0) throw new Refusal(400, "Tool choice 'required' must be specified with 'tools'.");
    return;
  }
  const { type, name } = choice as Tool;
  if (!tools.some((tool) => tool.type === type && tool.name === name))
    throw new Refusal(400, `Tool choice '${type}' '${name}' not found in 'tools' parameter.`);
}

function checkInput(
  input: readonly Item[],
  body: JsonObject,
  issued: Issued,
): { results: string[]; returned: number } {
  const results: string[] = [];
  const open = new Map<string, string>();
  const ids = new Set<string>();
  let returned = 0;
  for (const [at, item] of input.entries()) {
    const { type = 'message', id, call_id: callId = '', ...rest } = item;
    const known = itemTypes[type];
    if (!known) throw new Refusal(400, `Invalid value: '${type}' at 'input[${at}].type'.`);
    delete rest.type;
    refuseUnknown(rest, known.fields, (field) => `Unknown parameter: 'input[${at}].${field}'.`);
    checkId(id, known.id, at, ids);
    const ledBy = issued.ledBy.get(id ?? '');
    if (ledBy && !ids.has(ledBy))
      throw new Refusal(
        400,
        `Item '${id}' of type '${type}' was provided without its required 'reasoning' item: '${ledBy}'.`,
      );
    if (type === 'message') checkMessage(item, at);
    else if (type === 'reasoning') {
      checkReasoning(item, input[at + 1], body, issued);
      returned += 1;
    } else if (type === 'function_call' || type === 'custom_tool_call') {
      checkCall(item, at);
      open.set(callId, type);
    } else if (outputs[type] !== undefined) {
      if (open.get(callId) !== outputs[type])
        throw new Refusal(400, `No tool call found for ${type.replaceAll('_', ' ')} with call_id ${callId}.`);
      open.delete(callId);
      results.push(textOf(item.output, at));
    }
  }
  for (const left of open.keys()) throw new Refusal(400, `No tool output found for function call ${left}.`);
  return { results, returned };
}

function checkId(id: string | undefined, prefix: string, at: number, ids: Set<string>): void {
  if (id === undefined || id === null) return;
  if (!id.startsWith(prefix))
    throw new Refusal(
      400,
      `Invalid 'input[${at}].id': '${id}'. Expected an ID that begins with '${prefix}'.`,
    );
  if (id.length > 64)
    throw new Refusal(400, `Invalid 'input[${at}].id': string too long. Maximum length 64.`);
  if (ids.has(id))
    throw new Refusal(400, `Duplicate item found with id ${id}. Remove duplicate items from your input.`);
  ids.add(id);
}

function checkMessage({ role = '', content }: Item, at: number): void {
  const allowed = partsOf[role];
  if (!allowed) throw new Refusal(400, `Invalid value: '${role}' at 'input[${at}].role'.`);
  if (typeof content === 'string') return;
  if (!Array.isArray(content) || content.length === 0)
    throw new Refusal(400, `Invalid type for 'input[${at}].content'.`);
  for (const part of content as Item[])
    if (!allowed.includes(part.type ?? ''))
      throw new Refusal(400, `Invalid value: '${part.type}'. Supported values are: ${allowed.join(', ')}.`);
}

function checkCall(item: Item, at: number): void {
  const callId = item.call_id ?? '';
  if (callId === '') throw new Refusal(400, `Missing required parameter: 'input[${at}].call_id'.`);
  if (callId.length > 64)
    throw new Refusal(400, `Invalid 'input[${at}].call_id': string too long. Maximum length 64.`);
  if (!toolName.test(item.name ?? '')) throw new Refusal(400, `Invalid 'input[${at}].name': '${item.name}'.`);
  const said = item.type === 'function_call' ? item.arguments : item.input;
  if (typeof said !== 'string') throw new Refusal(400, `Invalid type for 'input[${at}]': expected a string.`);
}

/** Reasoning comes back whole, under its own id, and something it led to follows. */
function checkReasoning(item: Item, next: Item | undefined, body: JsonObject, issued: Issued): void {
  const { id, encrypted_content: sealed } = item;
  if (!Array.isArray(item['summary']))
    throw new Refusal(400, `Missing required parameter: 'summary' of '${id}'.`);
  if (!sealed) {
    if (body['store'] !== false) return;
    throw new Refusal(
      404,
      `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false.`,
    );
  }
  const issuedAs = issued.reasoning.get(sealed);
  if (issuedAs === undefined)
    throw new Refusal(400, `The encrypted content for item ${id} could not be verified.`);
  if (id !== undefined && id !== issuedAs)
    throw new Refusal(400, 'Encrypted content item_id did not match the target item id.');
  const follows = next?.type ?? (next ? 'message' : '');
  const led = follows === 'message' ? next?.role === 'assistant' : /_call$|^reasoning$/.test(follows);
  if (!led)
    throw new Refusal(
      400,
      `Item '${id}' of type 'reasoning' was provided without its required following item.`,
    );
}

function textOf(output: unknown, at: number): string {
  if (typeof output === 'string') return output;
  if (!Array.isArray(output)) throw new Refusal(400, `Invalid type for 'input[${at}].output'.`);
  return (output as { type: string; text?: string }[])
    .map(({ type, text = '' }) => {
      if (!partsOf['user']?.includes(type))
        throw new Refusal(400, `Invalid value: '${type}' at 'input[${at}].output'.`);
      return text;
    })
    .join('');
}
