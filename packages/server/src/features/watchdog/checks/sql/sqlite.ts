import { accessSync, constants } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runProbe } from '../../../../platform/process/index.ts';
import { CannotAsk, type Ask } from './ask.ts';

/**
 * Runs in a process of its own: a statement cannot be stopped from outside, so that a slow one on a large file would hold up
 * control; a process can be ended.
 */
const program = `
const { DatabaseSync } = require('node:sqlite');
const { path, query, busy } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
try {
  const db = new DatabaseSync(path, { readOnly: true, timeout: busy });
  const row = db.prepare(query).get();
  const value = row === undefined ? null : Object.values(row)[0];
  const text = value === null || value === undefined ? null : String(value);
  process.stdout.write(JSON.stringify({ ok: true, text }));
} catch (thrown) {
  process.stdout.write(JSON.stringify({ ok: false, message: thrown.message }));
}
`;

/** `sqlite:/path`, `sqlite:///path`, `sqlite:relative`. */
export function sqlitePath(url: string): string {
  const rest = url.slice('sqlite:'.length);
  if (rest.startsWith('//')) return fileURLToPath(`file:${rest}`);
  return decodeURIComponent(rest.replace(/\?.*$/, ''));
}

/** A SQLite file, read only. It has to be there: it is never made. */
export const askSqlite: Ask = async ({ url, query, timeoutMs, signal }) => {
  const path = sqlitePath(url);
  try {
    accessSync(path, constants.R_OK);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Error('there is no such file', { cause: thrown });
    throw new CannotAsk(`Vigiles may not read it (${code ?? ''})`);
  }
  // Reads the first page: what is not a database fails here.
  const question = { path, query: query ?? 'select count(*) from sqlite_schema', busy: timeoutMs };
  const end = await runProbe({
    command: [process.execPath, '--no-warnings', '-e', program],
    env: {},
    input: JSON.stringify(question),
    signal,
  });
  if (end.aborted) throw new Error('no answer in time');
  if (end.error) throw new CannotAsk(`no process could be started: ${end.error.code ?? ''}`);
  const answer = JSON.parse(end.stdout) as { ok: true; text: string | null } | { ok: false; message: string };
  if (!answer.ok) throw new Error(answer.message);
  return answer.text;
};
