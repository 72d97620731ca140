/** The version in a Claude model's name, 4.05 for 4.5, however a cloud spells the name; undefined: no Claude, or none told. */
export function claudeVersion(model: string): number | undefined {
  const name = /claude-(?:[a-z]+-)?(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/.exec(model);
  return name ? Number(name[1]) + Number(name[2] ?? 0) / 100 : undefined;
}
