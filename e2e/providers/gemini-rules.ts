import { Refusal, refuseUnknown } from './provider-server.ts';

export interface Part {
  text?: string;
  thought?: boolean;
  thoughtSignature?: string;
  inlineData?: unknown;
  fileData?: unknown;
  functionCall?: { id?: string; name: string; args?: unknown };
  functionResponse?: { id?: string; name?: string; response?: Record<string, unknown> };
}

export interface Content {
  role?: string;
  parts?: Part[];
}

export interface Declaration {
  name: string;
  description?: string;
  parameters?: unknown;
}

const placeholder = 'skip_thought_signature_validator';
const functionName = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/;
const schemaFields =
  'type format title description nullable enum items properties required anyOf minItems maxItems minLength maxLength minProperties maxProperties pattern minimum maximum example default propertyOrdering'.split(
    ' ',
  );
const kinds = ['text', 'inlineData', 'fileData', 'functionCall', 'functionResponse'] as const;

const unknownName = (path: string) => (field: string) =>
  `Invalid JSON payload received. Unknown name "${field}" at '${path}': Cannot find field.`;

/** What Gemini takes as a schema: a subset of OpenAPI, and no field beyond it. */
function checkSchema(schema: unknown, path: string): void {
  const body = schema as Record<string, unknown>;
  refuseUnknown(body, schemaFields, unknownName(path));
  if (body['type'] === undefined && body['anyOf'] === undefined)
    throw new Refusal(400, `${path}.type: missing field.`);
  if (typeof (body['type'] ?? '') !== 'string')
    throw new Refusal(400, `${path}.type: Proto field is not repeating.`);
  if (body['type'] === 'array' && !body['items']) throw new Refusal(400, `${path}.items: missing field.`);
  const inner = { ...(body['properties'] as object), ...(body['items'] ? { items: body['items'] } : {}) };
  for (const [name, one] of Object.entries(inner)) checkSchema(one, `${path}.${name}`);
  for (const one of (body['anyOf'] ?? []) as unknown[]) checkSchema(one, `${path}.any_of`);
}

export function checkTools(body: Record<string, unknown>): Declaration[] {
  const tools = (body['tools'] ?? []) as { functionDeclarations?: Declaration[] }[];
  const declared = tools.flatMap((tool) => tool.functionDeclarations ?? []);
  for (const { name, parameters } of declared) {
    if (!functionName.test(name)) throw new Refusal(400, `Invalid function name ${name}.`);
    if (parameters !== undefined) {
      if (!(parameters as { properties?: unknown }).properties)
        throw new Refusal(400, `${name}.parameters.properties: should be non-empty for OBJECT type`);
      checkSchema(parameters, name);
    }
  }
  const calling = (
    body['toolConfig'] as
      | { functionCallingConfig?: { mode?: string; allowedFunctionNames?: string[] } }
      | undefined
  )?.functionCallingConfig;
  if (calling && declared.length === 0)
    throw new Refusal(400, 'Function calling config is set without function_declarations.');
  const allowed = calling?.allowedFunctionNames ?? [];
  if (allowed.length > 0 && calling?.mode !== 'ANY')
    throw new Refusal(400, 'Allowed function names can only be set when mode is ANY.');
  for (const name of allowed)
    if (!declared.some((one) => one.name === name)) throw new Refusal(400, `${name} is not declared.`);
  return declared;
}

export interface Checked {
  /** Text of the function responses so far, in order. */
  results: string[];
  /** First calls of the steps of the current turn: signed by this provider, or with the placeholder. */
  signed: number;
  placeholders: number;
}

/** The rules Gemini 3 enforces on a conversation. `issued`: the signatures this provider gave out. */
export function checkContents(contents: Content[], issued: ReadonlySet<string>): Checked {
  const checked: Checked = { results: [], signed: 0, placeholders: 0 };
  if (!Array.isArray(contents) || contents.length === 0) throw new Refusal(400, 'contents is not specified');
  const turnStart = contents.findLastIndex(
    ({ role, parts }) => role === 'user' && parts?.some((part) => part.functionResponse === undefined),
  );
  let open: string[] = [];
  for (const [at, { role, parts }] of contents.entries()) {
    if (role !== 'user' && role !== 'model') throw new Refusal(400, 'Please use a valid role: user, model.');
    if (!parts || parts.length === 0) throw new Refusal(400, `contents[${at}].parts must not be empty.`);
    for (const part of parts) checkPart(part, at, issued);
    const responses = parts.flatMap((part) => (part.functionResponse ? [part.functionResponse] : []));
    if (responses.length !== open.length || responses.some(({ name }, index) => name !== open[index]))
      throw new Refusal(
        400,
        'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
      );
    for (const { response = {} } of responses)
      checked.results.push(Object.values(response).map(String).join(''));
    const calls = parts.filter((part) => part.functionCall);
    open = calls.map((part) => part.functionCall?.name ?? '');
    if (calls.length === 0) continue;
    if (role !== 'model' || contents[at - 1]?.role !== 'user')
      throw new Refusal(
        400,
        'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
      );
    if (at < turnStart) continue;
    const signature = calls[0]?.thoughtSignature;
    if (!signature)
      throw new Refusal(
        400,
        `Function call is missing a thought_signature in functionCall parts, position ${at}.`,
      );
    if (signature === placeholder) checked.placeholders += 1;
    else checked.signed += 1;
    if (calls.slice(1).some((part) => part.thoughtSignature))
      throw new Refusal(
        400,
        `Only the first function call of a step has a thought_signature, position ${at}.`,
      );
  }
  return checked;
}

function checkPart(part: Part, at: number, issued: ReadonlySet<string>): void {
  refuseUnknown({ ...part }, [...kinds, 'thought', 'thoughtSignature'], unknownName(`contents[${at}].parts`));
  if (kinds.filter((kind) => part[kind] !== undefined).length !== 1)
    throw new Refusal(400, `contents[${at}].parts: data must have one initialized field`);
  const signature = part.thoughtSignature;
  if (signature !== undefined && signature !== placeholder && !issued.has(signature))
    throw new Refusal(400, 'Corrupted thought signature.');
  const args = part.functionCall?.args ?? {};
  if (typeof args !== 'object' || Array.isArray(args))
    throw new Refusal(400, `Invalid value at 'contents[${at}].parts.function_call.args'`);
  const response = part.functionResponse?.response ?? {};
  if (typeof response !== 'object' || Array.isArray(response))
    throw new Refusal(400, `Invalid value at 'contents[${at}].parts.function_response.response'`);
}
