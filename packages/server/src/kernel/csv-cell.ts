/** A cell of RFC 4180. What a spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV injection). */
export function csvCell(text: string): string {
  const safe = /^\s*[=+\-@\t\r]/.test(text) || /^[\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
