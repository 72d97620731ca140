/** A request body, parsed. */
export type Body = Record<string, unknown>;

export function asObject(value: unknown): Body | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined;
}

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Every object that holds the last name of a field pattern, with that name. Texts and numbers on the way are passed by. */
export function holders(body: Body, field: string): { holder: Body; name: string }[] {
  const parts = field.split('.');
  let nodes: unknown[] = [body];
  for (const [at, part] of parts.entries()) {
    const name = part.replace(/\[\]$/, '');
    if (at === parts.length - 1 && name === part) {
      return nodes.flatMap((node) => {
        const holder = asObject(node);
        return holder && name in holder ? [{ holder, name }] : [];
      });
    }
    nodes = nodes.flatMap((node) => {
      const next = asObject(node)?.[name];
      return part.endsWith('[]') ? asList(next) : [next];
    });
  }
  return [];
}

/** The conversation of a body, whatever its protocol calls it. */
export function messagesOf(body: Body): unknown[] | undefined {
  const found = body['messages'] ?? body['input'] ?? body['contents'];
  return Array.isArray(found) ? found : undefined;
}
