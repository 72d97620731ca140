/** Text of ours in which `backticks` set off names from code. Everything stays text. */
export function Prose({ text }: { text: string }) {
  return text.split(/`([^`]+)`/).map((part, i) =>
    i % 2 === 0 ? (
      part
    ) : (
      <code key={`${i}${part}`} className="font-mono text-[0.92em] break-words">
        {part}
      </code>
    ),
  );
}
