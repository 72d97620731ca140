import type { LogLine } from './clean-line.ts';
import { peel } from './peel.ts';

/** How tools name a test that failed; the first group is its name. Each is anchored and has one open end. */
const forms: readonly RegExp[] = [
  /^FAILED (\S{1,300})(?: - |$)/,
  /^FAIL {1,4}(\S{1,300} > .{1,300})$/,
  /^--- FAIL: (\S{1,200}) \(/,
  /^● (.{1,300})$/,
  /^not ok \d{1,7} -? ?(.{1,300}?)(?: # .{0,200})?$/,
  /^[×✗✖✕] (.{1,300}?)(?: \(?\d{1,9}(?:\.\d{1,3})? ?m?s\)?)?$/,
  /^test (\S{1,300}) \.\.\. FAILED$/,
  /^\[ERROR\] {1,4}([\w$.]{1,200}:\d{1,6})(?:[: ]|$)/,
  /^\[ERROR\] {1,4}([\w$.]{1,200}\.[\w$]{1,200})(?::| » | -- )/,
  /^rspec (\.\/\S{1,300}:\d{1,6})/,
  /^Failed ([\w.<>(), "]{1,300}) \[/,
  /^\d{1,4}\) ([\w\\]{1,200}::[\w ]{1,200})/,
];
const most = 50;

/** Names of the tests that failed, as far as the log of a step tells, each once and at most 50. */
export function failingTests(lines: readonly LogLine[]): string[] {
  const names = new Set<string>();
  for (const { text } of lines) {
    if (names.size >= most) break;
    const name = nameIn(peel(text).slice(0, 500).trimStart());
    if (name !== null) names.add(name);
  }
  return [...names];
}

function nameIn(text: string): string | null {
  for (const form of forms) {
    const name = form.exec(text)?.[1];
    if (name !== undefined) return name.trim();
  }
  return null;
}
