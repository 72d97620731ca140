import { fieldsOf, listOf, percentOf, short, textOf, type Fields } from '../read.ts';

const MAX_TEXT = 20_000;
const writers = /^(Write|Edit|MultiEdit|NotebookEdit)$/;

/** What a call of TodoWrite says of the plan, as `skill:progress` has it. */
export function planOf(input: Fields): Record<string, unknown> {
  const steps = listOf(input['todos'])
    .slice(0, 100)
    .map((entry) => {
      const { content, status } = fieldsOf(entry);
      return {
        step: short(content, 500),
        state: status === 'completed' ? 'done' : status === 'in_progress' ? 'running' : 'pending',
      };
    });
  const done = steps.filter(({ state }) => state === 'done').length;
  return { skill_name: 'plan', steps, progress: percentOf(done, steps.length), message: null };
}

/** The file that a tool call has changed; null where it is none that changes files. */
export function changedFile(
  name: string,
  input: Fields,
  result: Fields,
): { type: 'file:created' | 'file:modified'; data: Record<string, unknown> } | null {
  const path = textOf(result['filePath']) ?? textOf(input['file_path']) ?? textOf(input['notebook_path']);
  if (path === null || !writers.test(name)) return null;
  const lines = listOf(result['structuredPatch']).flatMap((hunk) =>
    listOf(fieldsOf(hunk)['lines']).map(String),
  );
  return {
    type: result['type'] === 'create' ? 'file:created' : 'file:modified',
    data: {
      path: short(path, 1000),
      changes: short(lines.join('\n'), MAX_TEXT),
      lines_changed: lines.filter((line) => /^[+-]/.test(line)).length,
    },
  };
}
