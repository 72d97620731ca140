/** A text that is the same for calls that do the same: the tool and its arguments, whatever their order. */
export function callKey(call: { name: string; namespace?: string; input: string }): string {
  let input = call.input.trim();
  try {
    input = JSON.stringify(sorted(JSON.parse(input)));
  } catch {
    // Free text is compared as it stands.
  }
  return `${call.namespace ?? ''}\u0000${call.name}\u0000${input}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [two]) => (one < two ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
