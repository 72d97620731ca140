import { asList, asObject, type Body } from './body.ts';

const MAX_DEPTH = 40;

/** Keywords that say what a value is: without them a tool is another tool. */
const ESSENTIAL = new Set([
  'type',
  'properties',
  'items',
  'required',
  'enum',
  'description',
  'anyOf',
  'oneOf',
  'allOf',
]);

/** Says nothing to a model. */
const SILENT = new Set(['$schema', '$id', '$comment', 'title', 'default', 'examples']);

/** Takes a keyword out of the parameters of every tool. A property of that name is not a keyword and stays. */
export function dropKeyword(body: Body, keyword: string): string | undefined {
  if (ESSENTIAL.has(keyword)) return undefined;
  let found = false;
  const visit = (node: unknown, depth: number): void => {
    const schema = asObject(node);
    if (!schema || depth > MAX_DEPTH) return;
    if (Object.hasOwn(schema, keyword)) {
      // `const` is an enum of one.
      if (keyword === 'const') schema['enum'] ??= [schema['const']];
      delete schema[keyword];
      found = true;
    }
    for (const [name, value] of Object.entries(schema)) {
      if (
        name === 'properties' ||
        name === '$defs' ||
        name === 'definitions' ||
        name === 'patternProperties'
      ) {
        for (const one of Object.values(asObject(value) ?? {})) visit(one, depth + 1);
      } else if (Array.isArray(value)) for (const one of value) visit(one, depth + 1);
      else if (name !== 'default' && name !== 'const') visit(value, depth + 1);
    }
  };
  for (const schema of schemasOf(body)) visit(schema, 0);
  if (!found) return undefined;
  return SILENT.has(keyword) || keyword === 'const' ? '' : `the schema keyword ${keyword} was left out`;
}

function schemasOf(body: Body): unknown[] {
  const config = asObject(body['generationConfig'] ?? body['generation_config']);
  const schemas: unknown[] = [config?.['responseSchema'], config?.['response_schema']];
  for (const entry of asList(body['tools'])) {
    const tool = asObject(entry);
    const declared = asList(tool?.['functionDeclarations'] ?? tool?.['function_declarations']);
    for (const one of [tool, asObject(tool?.['function']), ...declared.map(asObject)]) {
      schemas.push(one?.['parameters'], one?.['input_schema'], one?.['parametersJsonSchema']);
    }
  }
  return schemas;
}
