import { z } from 'zod';

/**
 * A backup is gzip'd JSON lines, the same for both databases, so that one restores into the other:
 * a header; for each table a line that names it, then its rows as arrays in the order of its columns; a
 * trailer with the count of rows and the SHA-256 of everything before it, uncompressed.
 */
export const formatName = 'vigiles-backup';
export const formatVersion = 1;

/** Names go into SQL: nothing but what our own migrations make. */
const identifier = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);

export const BackupHeader = z.object({
  format: z.literal(formatName),
  version: z.literal(formatVersion),
  /** UTC milliseconds. */
  createdAt: z.number(),
  dialect: z.enum(['sqlite', 'postgres']),
  migrations: z.array(z.string()),
  /** In an order in which every table comes after those it refers to. */
  tables: z.array(z.object({ name: identifier, columns: z.array(identifier).min(1) })),
});
export type BackupHeader = z.infer<typeof BackupHeader>;

export const TableLine = z.object({ table: identifier });
export const BackupTrailer = z.object({ end: z.literal(true), rows: z.number(), sha256: z.string() });
export type BackupTrailer = z.infer<typeof BackupTrailer>;

/** Bytes are the one kind of value that JSON lacks. */
const BytesValue = z.object({ base64: z.string() });

export function encodeValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  return value;
}

export function decodeValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Buffer.from(BytesValue.parse(value).base64, 'base64');
}
