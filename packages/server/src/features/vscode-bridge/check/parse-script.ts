import { stripTypeScriptTypes } from 'node:module';
import { Script } from 'node:vm';
import type { ScriptCheck, ScriptLanguage } from '@vigiles/contract';
import { LineCounter, parseDocument } from 'yaml';

const valid: ScriptCheck = { valid: true, errors: [] };
const invalid = (line: number, message: string): ScriptCheck => ({
  valid: false,
  errors: [{ line, message }],
});

const messageOf = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message : String(thrown)).split('\n', 1)[0] ?? '';

/** The line that starts the trace of a syntax error: `name:7` of V8, `:7` of the TypeScript parser. */
function lineOf(thrown: unknown): number {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  return Number(/^[^\n]*:(\d+)\n/.exec(stack)?.[1] ?? 1);
}

function typescript(code: string): ScriptCheck {
  try {
    stripTypeScriptTypes(code, { mode: 'transform' });
    return valid;
  } catch (thrown) {
    return invalid(lineOf(thrown), messageOf(thrown));
  }
}

function javascript(code: string): ScriptCheck {
  try {
    // Compiled, never run.
    const compiled = new Script(code, { filename: 'script' });
    return { ...valid, valid: compiled instanceof Script };
  } catch (thrown) {
    if (!/\b(?:import|export|await)\b/.test(code)) return invalid(lineOf(thrown), messageOf(thrown));
    return typescript(code);
  }
}

function json(code: string): ScriptCheck {
  try {
    JSON.parse(code);
    return valid;
  } catch (thrown) {
    const message = messageOf(thrown);
    const at = Number(/position (\d+)/.exec(message)?.[1] ?? code.length);
    return invalid(code.slice(0, at).split('\n').length, message);
  }
}

function yaml(code: string): ScriptCheck {
  const lineCounter = new LineCounter();
  const { errors } = parseDocument(code, { lineCounter, prettyErrors: false });
  const told = errors
    .slice(0, 50)
    .map(({ pos, message }) => ({ line: lineCounter.linePos(pos[0]).line, message }));
  return { valid: told.length === 0, errors: told };
}

const parsers: Record<ScriptLanguage, (code: string) => ScriptCheck> = { javascript, typescript, json, yaml };

/** What is wrong with a script, by the language's own parser; nothing of it runs. Lines count from 1. */
export const parseScript = (code: string, language: ScriptLanguage): ScriptCheck => parsers[language](code);
