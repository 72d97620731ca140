const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** The model that one `data:` of a stream says it comes from, in any of the protocols; null where it says none. */
export function answeringModel(data: Record<string, unknown>): string | null {
  for (const one of [data, record(data['response']), record(data['message'])])
    if (typeof one['model'] === 'string' && one['model'] !== '') return one['model'];
  return null;
}

/** The names in a provider's whole list of models. Null: it is none, is empty, or goes on elsewhere. */
export function namesIn(list: unknown): string[] | null {
  const { data, has_more: more } = record(list);
  if (!Array.isArray(data) || data.length === 0 || more === true) return null;
  const names = data.map((one) => record(one)['id']).filter((id) => typeof id === 'string');
  return names.length === data.length ? names : null;
}

/** Without what some lists write in front and behind: `models/…` of Gemini, `…:latest` of Ollama. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^models\//, '')
    .replace(/:latest$/, '');

/** Whether a list has a model: by its name, or as the alias of the one that answered. */
export function isListed(names: readonly string[], asked: string, answered: string | null): boolean {
  const has = (name: string) => names.some((one) => plain(one) === plain(name));
  if (has(asked)) return true;
  const stem = plain(asked).replace(/-latest$/, '');
  return (
    answered !== null && plain(answered) !== plain(asked) && plain(answered).startsWith(stem) && has(answered)
  );
}
