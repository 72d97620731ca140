/** Which colour is which target, where a chart has several lines. */
export function TargetLegend({ targets }: { targets: readonly string[] }) {
  if (targets.length < 2) return null;
  return (
    <ul aria-label="Lines" className="mb-3 flex flex-wrap gap-x-4 gap-y-1 text-sm text-text-2">
      {targets.map((target, at) => (
        <li key={target} className="inline-flex min-w-0 items-center gap-1.5">
          <span
            aria-hidden
            className="h-0.5 w-3 shrink-0 rounded-full"
            style={{ background: `var(--layer-${at + 1})` }}
          />
          <span className="truncate">{target}</span>
        </li>
      ))}
    </ul>
  );
}
