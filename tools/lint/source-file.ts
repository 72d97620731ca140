import { readFileSync } from 'node:fs';
import { parseSync, Visitor } from 'rolldown/utils';

export interface Import {
  /** The module asked for, as written. */
  request: string;
  line: number;
  /** What is taken from it besides types; `*`: all of it. */
  names: string[];
}

/** What the rules need to know of a file. */
export interface SourceFile {
  /** Path from the root of the repository, with forward slashes. */
  path: string;
  lines: number;
  imports: Import[];
  defaultExportLine: number | null;
  /** Lines with `process.env`. */
  processEnvLines: number[];
  /** Lines with a narrowed or skipped test. */
  narrowedTestLines: number[];
  /** Lines with `dangerouslySetInnerHTML`. */
  rawHtmlLines: number[];
  /** Lines that open a connection by what is there without an import: `fetch(`, `new WebSocket(`. */
  dialLines: number[];
}

/** Parses a file with the real parser: comments and strings cannot fool the rules. */
export function readSourceFile(root: string, path: string): SourceFile {
  const text = readFileSync(`${root}/${path}`, 'utf8');
  const parsed = parseSync(path, text);
  if (parsed.errors.length > 0)
    throw new Error(`${path}: ${parsed.errors[0]?.message ?? 'cannot be parsed'}`);
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const lineOf = (offset: number) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
  const file: SourceFile = {
    path,
    lines: text.endsWith('\n') ? starts.length - 1 : starts.length,
    imports: [],
    defaultExportLine: null,
    processEnvLines: [],
    narrowedTestLines: [],
    rawHtmlLines: [],
    dialLines: [],
  };
  for (const found of parsed.module.staticImports)
    file.imports.push({
      request: found.moduleRequest.value,
      line: lineOf(found.start),
      names: found.entries
        .filter(({ isType }) => !isType)
        .map(({ importName }) => (importName.kind === 'Name' ? (importName.name ?? '*') : '*')),
    });
  for (const found of parsed.module.staticExports) {
    for (const entry of found.entries) {
      if (entry.moduleRequest && !file.imports.some((known) => known.request === entry.moduleRequest?.value))
        file.imports.push({ request: entry.moduleRequest.value, line: lineOf(found.start), names: ['*'] });
      if (entry.exportName.kind === 'Default') file.defaultExportLine = lineOf(found.start);
    }
  }
  new Visitor({
    ImportExpression(node) {
      if (node.source.type === 'Literal' && typeof node.source.value === 'string')
        file.imports.push({ request: node.source.value, line: lineOf(node.start), names: ['*'] });
    },
    CallExpression({ callee, start }) {
      if (callee.type === 'Identifier' && callee.name === 'fetch') file.dialLines.push(lineOf(start));
    },
    NewExpression({ callee, start }) {
      if (callee.type === 'Identifier' && /^(WebSocket|EventSource)$/.test(callee.name))
        file.dialLines.push(lineOf(start));
    },
    MemberExpression(node) {
      if (node.computed || node.property.type !== 'Identifier' || node.object.type !== 'Identifier') return;
      const { name: object } = node.object;
      const { name: property } = node.property;
      if (object === 'globalThis' && /^(fetch|WebSocket|EventSource)$/.test(property))
        file.dialLines.push(lineOf(node.start));
      if (object === 'process' && property === 'env') file.processEnvLines.push(lineOf(node.start));
      if (/^(test|it|describe|suite)$/.test(object) && /^(only|skip|todo)$/.test(property))
        file.narrowedTestLines.push(lineOf(node.start));
    },
    JSXIdentifier(node) {
      if (node.name === 'dangerouslySetInnerHTML') file.rawHtmlLines.push(lineOf(node.start));
    },
  }).visit(parsed.program);
  return file;
}
