/** Rows in the shape of what is coming. Shown only when the answer takes longer than 200 ms. */
export function SkeletonRows({ rows = 6, height = 38 }: { rows?: number; height?: number }) {
  return (
    <div role="status" aria-label="Loading" className="px-4 py-1">
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className="flex items-center gap-4" style={{ height }}>
          <div className="skeleton h-3 w-3 rounded-full" />
          <div className="skeleton h-3" style={{ width: `${18 + ((i * 7) % 14)}%` }} />
          <div className="skeleton ml-auto h-3 w-[22%]" />
          <div className="skeleton h-3 w-[9%]" />
        </div>
      ))}
    </div>
  );
}
