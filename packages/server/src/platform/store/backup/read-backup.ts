import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FaultError } from '../../../kernel/fault.ts';
import { storeFault } from '../faults.ts';
import { BackupHeader, BackupTrailer, decodeValue, TableLine } from './format.ts';
import type { TableShape } from './source.ts';

/** What a backup is made of, in its order. */
export type BackupPart =
  | { kind: 'header'; header: BackupHeader }
  | { kind: 'row'; table: TableShape; values: unknown[] }
  | { kind: 'end'; rows: number };

/** Reads and checks a backup. Throws `store_bad_backup` with the line that is wrong; only `end` says that all was well. */
export async function* readBackup(path: string): AsyncGenerator<BackupPart> {
  const hash = createHash('sha256');
  let number = 0;
  let rows = 0;
  let header: BackupHeader | null = null;
  let table: TableShape | null = null;
  try {
    for await (const line of linesOf(path)) {
      number += 1;
      const value: unknown = JSON.parse(line);
      if (!header) {
        header = BackupHeader.parse(value);
        yield { kind: 'header', header };
      } else if (Array.isArray(value)) {
        if (!table || value.length !== table.columns.length)
          throw new Error('a row that does not fit its table');
        rows += 1;
        yield { kind: 'row', table, values: value.map(decodeValue) };
      } else if ((value as { end?: unknown }).end === true) {
        const trailer = BackupTrailer.parse(value);
        if (trailer.rows !== rows)
          throw new Error(`${trailer.rows} rows were promised and ${rows} are there`);
        if (trailer.sha256 !== hash.digest('hex')) throw new Error('the checksum does not match');
        yield { kind: 'end', rows };
        return;
      } else {
        const { table: name } = TableLine.parse(value);
        table = header.tables.find((candidate) => candidate.name === name) ?? null;
        if (!table) throw new Error(`table ${name} is not in the header`);
      }
      hash.update(`${line}\n`);
    }
    throw new Error('the end is missing');
  } catch (thrown) {
    if (thrown instanceof FaultError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw storeFault(
      'store_bad_backup',
      `${path}, line ${number}: not a complete Vigiles backup (${reason}).`,
      {
        cause: thrown,
      },
    );
  }
}

/** The whole file read once, so that nothing is touched for a backup that breaks off in its middle. */
export async function verifyBackup(path: string): Promise<{ header: BackupHeader; rows: number }> {
  let header: BackupHeader | null = null;
  for await (const part of readBackup(path)) {
    if (part.kind === 'header') header = part.header;
    else if (part.kind === 'end' && header) return { header, rows: part.rows };
  }
  throw storeFault('store_bad_backup', `${path} is not a complete Vigiles backup.`);
}

/** No row of ours comes near: a longer line is not a backup but something that wants our memory. */
const maxLineLength = 64 * 1024 * 1024;

async function* linesOf(path: string): AsyncGenerator<string> {
  // Errors of either stream come out of the loop below; `pipeline` closes both when the loop is left.
  const text = pipeline(createReadStream(path), createGunzip(), () => undefined).setEncoding('utf8');
  let rest = '';
  for await (const chunk of text as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxLineLength) throw new Error('a line is too long');
    yield* lines;
  }
  if (rest !== '') throw new Error('the last line is not complete');
}
