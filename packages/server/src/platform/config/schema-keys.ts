import { z } from 'zod';
import { VigilesConfig } from '@vigiles/contract';

let cached: Record<string, unknown> | undefined;

/** The JSON Schema of `vigiles.yaml`, as people write it: everything with a default is optional. */
export function configJsonSchema(): Record<string, unknown> {
  cached ??= z.toJSONSchema(VigilesConfig, { target: 'draft-2020-12', io: 'input' }) as Record<
    string,
    unknown
  >;
  return structuredClone(cached);
}

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  additionalProperties?: SchemaNode | boolean;
  oneOf?: SchemaNode[];
  anyOf?: SchemaNode[];
}

/** The keys that are known at a path: what "did you mean" chooses from. */
export function knownKeys(path: readonly (string | number)[]): string[] {
  let nodes: SchemaNode[] = [configJsonSchema()];
  const open = (node: SchemaNode): SchemaNode[] => [
    node,
    ...[...(node.oneOf ?? []), ...(node.anyOf ?? [])].flatMap(open),
  ];
  nodes = nodes.flatMap(open);
  for (const key of path) {
    nodes = nodes
      .flatMap((node) => {
        if (typeof key === 'number') return node.items ? [node.items] : [];
        const named = node.properties?.[key];
        if (named) return [named];
        return typeof node.additionalProperties === 'object' ? [node.additionalProperties] : [];
      })
      .flatMap(open);
  }
  return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
}
