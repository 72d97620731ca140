/** The mark: a V that holds a lamp, for the watch of ancient Rome that walked the city at night. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg aria-hidden viewBox="0 0 32 32" width={size} height={size} className="shrink-0">
      <rect width="32" height="32" rx="8" fill="var(--text)" />
      <path
        d="M8 9.5 16 24l8-14.5"
        fill="none"
        stroke="var(--canvas)"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="16" cy="10.5" r="2.6" fill="var(--series)" />
    </svg>
  );
}
