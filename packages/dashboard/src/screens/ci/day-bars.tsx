/** Something per day as bars, today at the right; today’s number and the highest are told in words. */
export function DayBars({ days, label }: { days: readonly number[]; label: string }) {
  const most = Math.max(1, ...days);
  const step = 4;
  const high = 20;
  const said = `${label}: ${days.at(-1) ?? 0} today, at most ${Math.max(0, ...days)} a day in ${days.length} days`;
  return (
    <svg
      role="img"
      aria-label={said}
      data-tip={said}
      viewBox={`0 0 ${days.length * step} ${high}`}
      width={days.length * step}
      height={high}
      className="relative z-[1] max-w-full"
    >
      {days.map((count, at) => {
        const tall = count === 0 ? 1 : Math.max(3, (count / most) * high);
        return (
          <rect
            // oxlint-disable-next-line react/no-array-index-key -- its place is its day
            key={at}
            x={at * step}
            y={high - tall}
            width={step - 1}
            height={tall}
            fill={count === 0 ? 'var(--line-strong)' : 'var(--series)'}
          />
        );
      })}
    </svg>
  );
}
