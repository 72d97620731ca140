const kinds: Record<string, { label: string; types: readonly string[] }> = {
  messages: { label: 'Messages', types: ['message:*'] },
  tools: { label: 'Tools and agents', types: ['skill:*', 'agent:*', 'validation:*'] },
  files: { label: 'Files', types: ['file:*'] },
  questions: { label: 'Questions', types: ['decision:*'] },
  steering: { label: 'Commands and course', types: ['command:*', 'execution:*', 'checkpoint:*'] },
  failures: {
    label: 'Failures',
    types: ['skill:failed', 'execution:failed', 'execution:rollback_failed', 'decision:expired'],
  },
  usage: { label: 'Usage', types: ['usage:*'] },
  session: { label: 'The session itself', types: ['session:*'] },
};

/** What a kind of the address stands for; undefined: every event. */
export const typesOf = (kind: string | undefined): readonly string[] | undefined =>
  kind === undefined || !Object.hasOwn(kinds, kind) ? undefined : kinds[kind]?.types;

/** Which events are shown. */
export function KindPicker({
  kind,
  onKind,
}: {
  kind: string | undefined;
  onKind: (kind: string | undefined) => void;
}) {
  return (
    <select
      aria-label="Events shown"
      value={kind ?? ''}
      onChange={(event) => onKind(event.target.value || undefined)}
      className="h-7 rounded-md border border-edge bg-surface px-2 text-sm text-text"
    >
      <option value="">Every event</option>
      {Object.entries(kinds).map(([id, { label }]) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </select>
  );
}
