/** An example as its form holds it: a step a line, a log line or a signal as JSON. */
export interface ExampleDraft {
  text: string;
  /** What no line says: its title and class. */
  kept: Record<string, unknown>;
}

type Step = Record<string, unknown>;

const isRecord = (value: unknown): value is Step =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the loader fills in says nothing. */
const usual: Step = { cleared: false, times: 1, every_s: 1, after_s: 0 };

function stepText(step: unknown): string {
  if (!isRecord(step)) return '';
  const said = Object.fromEntries(
    Object.entries(step).filter(
      ([key, value]) => usual[key] !== value && !(key === 'fields' && JSON.stringify(value) === '{}'),
    ),
  );
  const { log } = said;
  const plain = typeof log === 'string' && Object.keys(said).length === 1 && !log.startsWith('{');
  return plain ? log : JSON.stringify(said);
}

/** An example of the file as text. */
export function exampleDraft(example: unknown): ExampleDraft {
  if (typeof example === 'string') return { text: example, kept: {} };
  if (!isRecord(example)) return { text: '', kept: {} };
  const { steps, ...kept } = example;
  return { text: Array.isArray(steps) ? steps.map(stepText).join('\n') : '', kept };
}

function readStep(line: string): Step {
  if (line.startsWith('{')) {
    try {
      const value: unknown = JSON.parse(line);
      if (isRecord(value) && ('log' in value || 'input' in value)) return value;
    } catch {
      // A log line that begins like JSON.
    }
  }
  return { log: line };
}

/** The example as it is written into the file: the shortest form that says it. Null: it is empty. */
export function exampleValue({ text, kept }: ExampleDraft): unknown {
  const steps: Step[] = [];
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const step = readStep(line);
    const before = steps.at(-1);
    // The same line again and again is one step.
    if (before && isRecord(before) && before['log'] !== undefined && before['log'] === step['log'])
      before['times'] = Number(before['times'] ?? 1) + Number(step['times'] ?? 1);
    else steps.push({ ...step });
  }
  const [only] = steps;
  if (!only) return null;
  const simple = steps.length === 1 && Object.keys(only).join() === 'log' && Object.keys(kept).length === 0;
  return simple ? only['log'] : { ...kept, steps };
}
