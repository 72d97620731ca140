/**
 * The longest part of a literal that looks the same inside JSON strings, whoever wrote them: quotes and backslashes are
 * escaped by all, `<`, `>`, `&` by Go, `/` by PHP, what is not ASCII by Python. Empty when nothing of it is safe.
 */
export function safeRun(literal: string): string {
  let longest = '';
  for (const [run] of literal.matchAll(/[ !#-%(-.0-;=?-[\]-~]+/g))
    if (run.length > longest.length) longest = run;
  return longest;
}
