import { Refusal, refuseUnknown } from './provider-server.ts';

type JsonObject = Record<string, unknown>;

const knownFields =
  'model messages system max_tokens tools tool_choice stream temperature top_p top_k stop_sequences thinking metadata output_config service_tier cache_control'.split(
    ' ',
  );
/** Fields that are known only to those who name a beta of it. https://docs.claude.com/en/api/beta-headers */
const betaFields: Record<string, string> = { context_management: 'context-management-' };
const toolName = /^[a-zA-Z0-9_-]{1,128}$/;
const callId = /^[a-zA-Z0-9_-]+$/;

interface Block {
  type: string;
  text?: string;
  id?: string;
  name?: string;
  input?: unknown;
  tool_use_id?: string;
  content?: unknown;
  thinking?: string;
  signature?: string;
}

interface Message {
  role: string;
  content: unknown;
}

export interface MessagesTool {
  name: string;
  description?: string;
  input_schema?: { type?: string };
}

/** Signature → the thinking it signs. */
export type Signatures = ReadonlyMap<string, string>;

const blocksOf = (content: unknown): Block[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : (content as Block[]);

/**
 * What the Messages API enforces on a request. `returned`: thinking blocks that came back as they were signed.
 * @param betas of its `anthropic-beta` header
 */
export function checkRequest(
  body: JsonObject,
  signatures: Signatures,
  betas: readonly string[],
): { tools: MessagesTool[]; results: string[]; thinks: boolean; returned: number } {
  const named = Object.entries(betaFields).flatMap(([field, beta]) =>
    betas.some((one) => one.startsWith(beta)) ? [field] : [],
  );
  refuseUnknown(body, [...knownFields, ...named], (field) => `${field}: Extra inputs are not permitted`);
  if (typeof body['max_tokens'] !== 'number') throw new Refusal(400, 'max_tokens: Field required');
  const tools = (body['tools'] ?? []) as MessagesTool[];
  checkTools(tools, body['tool_choice'] as { type: string; name?: string } | undefined);
  const thinking = body['thinking'] as { type: string; budget_tokens?: number } | undefined;
  const thinks = thinking !== undefined && thinking.type !== 'disabled';
  if (thinks) checkThinking(thinking, body);
  const messages = body['messages'] as Message[];
  const checked = checkMessages(messages, signatures);
  if (thinking?.type === 'enabled') checkLoop(messages);
  return { tools, thinks, ...checked };
}

function checkTools(
  tools: readonly MessagesTool[],
  choice: { type: string; name?: string } | undefined,
): void {
  if (tools.length === 0 && choice !== undefined)
    throw new Refusal(400, 'tool_choice: may only be specified while providing tools');
  for (const tool of tools)
    if (!toolName.test(tool.name) || tool.input_schema?.type !== 'object')
      throw new Refusal(400, `tools: bad tool ${tool.name}`);
  if (new Set(tools.map(({ name }) => name)).size < tools.length)
    throw new Refusal(400, 'tools: Tool names must be unique.');
  if (choice?.type === 'tool' && !tools.some(({ name }) => name === choice.name))
    throw new Refusal(400, `Tool '${choice.name}' not found in provided tools`);
}

function checkThinking(thinking: { type: string; budget_tokens?: number }, body: JsonObject): void {
  const { type, budget_tokens: budget = 0 } = thinking;
  if (type === 'enabled' && (budget < 1024 || budget >= Number(body['max_tokens'])))
    throw new Refusal(400, 'thinking.budget_tokens: must be at least 1024 and below max_tokens');
  if (body['temperature'] !== undefined && body['temperature'] !== 1)
    throw new Refusal(400, '`temperature` may only be set to 1 when thinking is enabled.');
  const choice = body['tool_choice'] as { type: string } | undefined;
  if (choice && !['auto', 'none'].includes(choice.type))
    throw new Refusal(400, 'Thinking may not be enabled when tool_choice forces tool use.');
}

/** Inside a tool loop the answer that called begins with its thinking. */
function checkLoop(messages: readonly Message[]): void {
  const inLoop = blocksOf(messages.at(-1)?.content ?? []).some(({ type }) => type === 'tool_result');
  const before = messages.findLast(({ role }) => role === 'assistant');
  const first = blocksOf(before?.content ?? [])[0]?.type;
  if (inLoop && first !== 'thinking' && first !== 'redacted_thinking')
    throw new Refusal(400, `Expected \`thinking\` or \`redacted_thinking\`, but found \`${first}\`.`);
}

function checkMessages(
  messages: readonly Message[],
  signatures: Signatures,
): { results: string[]; returned: number } {
  const results: string[] = [];
  const ids = new Set<string>();
  let returned = 0;
  let open: string[] = [];
  if (messages[0]?.role !== 'user')
    throw new Refusal(400, 'messages: first message must use the "user" role');
  for (const [at, { role, content }] of messages.entries()) {
    if (role !== 'user' && role !== 'assistant')
      throw new Refusal(400, `messages.${at}.role: Input should be 'user' or 'assistant'`);
    const blocks = blocksOf(content);
    if (blocks.length === 0) throw new Refusal(400, `messages.${at}: content must be non-empty`);
    for (const [index, block] of blocks.entries()) {
      const where = `messages.${at}.content.${index}`;
      if (block.type === 'text' && !block.text?.trim())
        throw new Refusal(400, `${where}: text content blocks must be non-empty`);
      if (block.type === 'thinking') {
        checkSignature(block, where, signatures);
        returned += 1;
      }
      if (block.type === 'tool_use') checkCall(block, role, where, ids);
      if (block.type !== 'tool_result') continue;
      if (role !== 'user' || !open.includes(block.tool_use_id ?? ''))
        throw new Refusal(
          400,
          `${where}: unexpected tool_use_id found in tool_result blocks: ${block.tool_use_id}`,
        );
      open = open.filter((id) => id !== block.tool_use_id);
      const parts = blocksOf(block.content ?? '');
      results.push(parts.map((part) => part.text ?? '').join(''));
    }
    if (role === 'user' && open.length > 0)
      throw new Refusal(
        400,
        `messages.${at}: tool_use ids were found without tool_result blocks immediately after: ${open.join(', ')}`,
      );
    if (role === 'assistant')
      open = blocks.filter((block) => block.type === 'tool_use').map((block) => block.id ?? '');
  }
  return { results, returned };
}

function checkSignature({ signature, thinking }: Block, where: string, signatures: Signatures): void {
  if (!signature) throw new Refusal(400, `${where}.signature: Field required`);
  if (signatures.get(signature) !== thinking)
    throw new Refusal(400, `${where}: Invalid \`signature\` in \`thinking\` block`);
}

function checkCall(block: Block, role: string, where: string, ids: Set<string>): void {
  const { id = '', name = '', input } = block;
  if (role !== 'assistant' || !callId.test(id) || !toolName.test(name))
    throw new Refusal(400, `${where}: bad tool_use ${id} ${name}`);
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new Refusal(400, `${where}.tool_use.input: Input should be a valid dictionary`);
  if (ids.has(id)) throw new Refusal(400, 'messages: `tool_use` ids must be unique');
  ids.add(id);
}
