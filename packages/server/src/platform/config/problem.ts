import { byText } from '../../kernel/text-order.ts';

/** One thing wrong with the configuration. Line and column count from 1; 0 when it does not come from the file. */
export interface ConfigProblem {
  /** Dotted: `gateway.providers.0.api_key`. */
  path: string;
  line: number;
  column: number;
  message: string;
}

/** `vigiles.yaml:12:5 server.port: expected number, received string`, one line each. */
export function formatProblems(problems: readonly ConfigProblem[], file: string): string {
  return problems
    .map((problem) => {
      const where = problem.line > 0 ? `${file}:${problem.line}:${problem.column}` : file;
      return `${where} ${problem.path ? `${problem.path}: ` : ''}${problem.message}`;
    })
    .join('\n');
}

const inOrder = (a: ConfigProblem, b: ConfigProblem) =>
  a.line - b.line || a.column - b.column || byText(a.path, b.path);

/** Sorted by place, each once. */
export function tidyProblems(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const seen = new Set<string>();
  return [...problems].sort(inOrder).filter((problem) => {
    const key = `${problem.line}:${problem.column}:${problem.path}:${problem.message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
