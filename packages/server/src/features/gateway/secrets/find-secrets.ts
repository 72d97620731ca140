import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import type { SecretFinding } from './secret-worker.ts';

const PRESET = '@secretlint/secretlint-rule-preset-recommend';

/** Longer texts are looked at in pieces, so that memory and time of one pattern stay bounded. */
const PIECE_CHARS = 256 * 1024;

/** Pieces overlap by this much: no secret is cut in two. */
const OVERLAP_CHARS = 8 * 1024;

/** Pictures and files in base64: long, without a space, and no pattern has anything to say about them. */
const MEDIA = /^(?:data:[\w/+.-]+;base64,)?[A-Za-z0-9+/_-]{2048,}={0,2}$/;

/** Counts secrets in all strings of a JSON text, by the name of secretlint's rule. */
export async function findSecrets(body: Uint8Array): Promise<SecretFinding[]> {
  const texts: string[] = [];
  collect(JSON.parse(Buffer.from(body).toString()), texts);
  const found = new Map<string, Set<string>>();
  for (const piece of piecesOf(texts)) await scanPiece(piece, found);
  return [...found]
    .map(([pattern, places]) => ({ pattern, count: places.size }))
    .sort((a, b) => (a.pattern < b.pattern ? -1 : 1));
}

interface Piece {
  text: string;
  /** Where it stands in everything: what two pieces share is counted once. */
  at: number;
}

async function scanPiece({ text, at }: Piece, found: Map<string, Set<string>>): Promise<void> {
  const { messages } = await lintSource({
    source: { filePath: 'prompt.txt', content: text, contentType: 'text', ext: '.txt' },
    options: {
      maskSecrets: true,
      noPhysicFilePath: true,
      config: { rules: [{ id: PRESET, rule: creator }] },
    },
  });
  for (const { ruleId, range } of messages) {
    const name = ruleId.replace(/^.*secretlint-rule-/, '');
    const places = found.get(name) ?? new Set();
    places.add(`${at + range[0]}`);
    found.set(name, places);
  }
}

function* piecesOf(texts: readonly string[]): Generator<Piece> {
  const all = texts.join('\n');
  const step = PIECE_CHARS - OVERLAP_CHARS;
  for (let at = 0; at === 0 || at + OVERLAP_CHARS < all.length; at += step) {
    yield { text: all.slice(at, at + PIECE_CHARS), at };
  }
}

function collect(value: unknown, into: string[]): void {
  if (typeof value === 'string') {
    if (!MEDIA.test(value)) into.push(value);
  } else if (Array.isArray(value)) for (const one of value) collect(one, into);
  else if (typeof value === 'object' && value !== null) {
    for (const one of Object.values(value)) collect(one, into);
  }
}
