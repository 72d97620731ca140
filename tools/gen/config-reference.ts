interface JsonSchema {
  type?: string;
  description?: string;
  default?: unknown;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function kind(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.type === 'array') return `list of ${schema.items ? kind(schema.items) : 'values'}`;
  if (schema.anyOf ?? schema.oneOf) return 'one of several';
  return schema.type ?? 'any';
}

function rows(path: string, schema: JsonSchema, out: string[]): void {
  const variants = schema.anyOf ?? schema.oneOf ?? [];
  for (const variant of variants) {
    const tag = variant.properties?.['type']?.const;
    rows(`${path}(${typeof tag === 'string' ? tag : kind(variant)})`, variant, out);
  }
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    const at = path ? `${path}.${name}` : name;
    if (child.properties) {
      rows(at, child, out);
      continue;
    }
    const fallback = child.default === undefined ? '' : `\`${JSON.stringify(child.default)}\``;
    out.push(`| \`${at}\` | ${kind(child)} | ${cell(fallback)} | ${cell(child.description ?? '')} |`);
    if (child.items) rows(`${at}[]`, child.items, out);
  }
}

/** The page that lists every setting of vigiles.yaml, from its JSON Schema. */
export function configReference(schema: unknown): string {
  const out: string[] = [];
  rows('', schema as JsonSchema, out);
  return `<!-- Written by npm run gen. Do not edit. -->
# vigiles.yaml

Editors complete and check it through [vigiles.schema.json](vigiles.schema.json).

| setting | type | default | meaning |
| --- | --- | --- | --- |
${out.join('\n')}
`;
}
