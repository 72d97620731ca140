type Row = Record<string, unknown>;

const rows = (value: unknown): Row[] => (Array.isArray(value) ? (value as Row[]) : []);
const row = (value: unknown): Row => (typeof value === 'object' && value !== null ? (value as Row) : {});

const TOP = new Set([
  'messages',
  'system',
  'inferenceConfig',
  'toolConfig',
  'additionalModelRequestFields',
  'outputConfig',
  'serviceTier',
  'requestMetadata',
]);
const BLOCKS = new Set([
  'text',
  'image',
  'document',
  'toolUse',
  'toolResult',
  'reasoningContent',
  'cachePoint',
]);
const ID = /^[a-zA-Z0-9_-]{1,64}$/;

/** Why Bedrock would refuse a Converse request for a Claude model with a ValidationException; null: it would not. */
export function brokenConverseRule(body: unknown): string | null {
  const request = row(body);
  const foreign = Object.keys(request).find((key) => !TOP.has(key));
  if (foreign !== undefined) return `The field ${foreign} is not known.`;
  for (const block of rows(request['system'])) {
    if (block['cachePoint'] === undefined && isBlank(block['text'])) return 'The system text is blank.';
  }
  const messages = rows(request['messages']);
  if (messages.length === 0) return 'A conversation must have at least one message.';
  const documents = new Set<unknown>();
  let calls: string[] = [];
  let tools = false;
  for (const [at, message] of messages.entries()) {
    const wanted = at % 2 === 0 ? 'user' : 'assistant';
    if (message['role'] !== wanted) return `messages.${at}: roles must alternate and begin with the user.`;
    const content = rows(message['content']);
    if (content.length === 0) return `messages.${at}: the content is empty.`;
    const broken = content.map((block) => blockRule(block, wanted, documents)).find((each) => each !== null);
    if (broken) return `messages.${at}: ${broken}`;
    const problem = resultsRule(content, calls);
    if (problem) return `messages.${at}: ${problem}`;
    calls = content.flatMap((block) =>
      block['toolUse'] ? [String(row(block['toolUse'])['toolUseId'])] : [],
    );
    if (new Set(calls).size < calls.length) return `messages.${at}: a toolUseId comes twice.`;
    if (wanted === 'assistant' && content.at(-1)?.['reasoningContent'])
      return `messages.${at}: ends in reasoning.`;
    tools ||= content.some((block) => block['toolUse'] ?? block['toolResult']);
  }
  if (tools && request['toolConfig'] === undefined) {
    return 'The toolConfig field must be defined when using toolUse and toolResult content blocks.';
  }
  return request['toolConfig'] === undefined ? null : toolRule(row(request['toolConfig']));
}

const isBlank = (text: unknown): boolean => typeof text !== 'string' || text.trim() === '';

function blockRule(block: Row, role: string, documents: Set<unknown>): string | null {
  const keys = Object.keys(block);
  const [kind = ''] = keys;
  if (keys.length !== 1 || !BLOCKS.has(kind))
    return `a block must be exactly one of a union, not ${keys.join()}.`;
  const value = row(block[kind]);
  if (kind === 'text') return isBlank(block['text']) ? 'the text field is blank.' : null;
  if (kind === 'toolUse' || kind === 'reasoningContent') {
    if (role !== 'assistant') return `${kind} is the assistant's.`;
    if (kind === 'reasoningContent') return reasoningRule(value);
    if (!ID.test(String(value['toolUseId'])) || !ID.test(String(value['name'])))
      return 'a toolUse is not legal.';
    return typeof value['input'] === 'object' && value['input'] !== null ? null : 'input is not an object.';
  }
  if (kind === 'cachePoint') return value['type'] === 'default' ? null : 'a cachePoint has no type.';
  if (role !== 'user') return `${kind} is the user's.`;
  if (kind === 'document') {
    const name = String(value['name']);
    if (!/^(?! )(?:[a-zA-Z0-9()[\]-]| (?! )){1,200}$/.test(name))
      return `the document name ${name} is not legal.`;
    if (documents.has(name)) return 'a document name comes twice.';
    documents.add(name);
  }
  if (kind !== 'toolResult') return typeof row(value['source'])['bytes'] === 'string' ? null : 'no bytes.';
  const content = rows(value['content']);
  if (content.length === 0) return 'a toolResult is empty.';
  if (content.some((inner) => inner['cachePoint'])) return 'a toolResult holds a cachePoint.';
  return content.map((inner) => blockRule(inner, role, documents)).find((each) => each !== null) ?? null;
}

function reasoningRule(value: Row): string | null {
  if (typeof value['redactedContent'] === 'string') return null;
  return typeof row(value['reasoningText'])['signature'] === 'string' ? null : 'reasoning is not signed.';
}

/** Every call of the turn before has its result in this one, and no other call has. */
function resultsRule(content: readonly Row[], calls: readonly string[]): string | null {
  const results = content.flatMap((block) =>
    block['toolResult'] ? [String(row(block['toolResult'])['toolUseId'])] : [],
  );
  if (results.some((id) => !calls.includes(id)))
    return 'the number of toolResult blocks exceeds the toolUse blocks of the previous turn.';
  if (new Set(results).size !== calls.length) return 'toolUse ids were found without toolResult blocks.';
  const firstOther = content.findIndex((block) => !block['toolResult'] && !block['cachePoint']);
  const lastResult = content.findLastIndex((block) => block['toolResult']);
  return firstOther !== -1 && firstOther < lastResult ? 'results must stand first.' : null;
}

function toolRule(config: Row): string | null {
  const tools = rows(config['tools']);
  if (tools.length === 0) return 'toolConfig.tools must not be empty.';
  const names = new Set<unknown>();
  for (const tool of tools) {
    if (tool['cachePoint']) continue;
    const spec = row(tool['toolSpec']);
    if (!ID.test(String(spec['name'])) || names.has(spec['name'])) return 'a tool name is not legal.';
    names.add(spec['name']);
    if (spec['description'] === '') return 'a description is empty.';
    if (row(row(spec['inputSchema'])['json'])['type'] !== 'object')
      return 'The value at toolConfig.tools.0.toolSpec.inputSchema.json.type must be object.';
  }
  const choice = row(config['toolChoice']);
  const named = row(choice['tool'])['name'];
  return named !== undefined && !names.has(named) ? 'toolChoice names no tool.' : null;
}
