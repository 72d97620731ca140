import type { FilePart, ImagePart } from '../canonical/index.ts';
import type { BlockEncoding, JsonObject } from './encode-blocks.ts';

const IMAGES: Record<string, string> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/jpg': 'jpeg',
  'image/gif': 'gif',
  'image/webp': 'webp',
};

const DOCUMENTS: Record<string, string> = {
  'application/pdf': 'pdf',
  'text/csv': 'csv',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'text/html': 'html',
  'text/markdown': 'md',
  'text/plain': 'txt',
};

/** An image as its bytes: Converse fetches nothing from the web. */
export function encodeImage(part: ImagePart, path: string, encoding: BlockEncoding): JsonObject {
  const { source } = part;
  if (encoding.target.quirks?.images === false)
    return leftOut('image', path, 'the backend takes none', encoding);
  if (source.kind !== 'base64') return byReference('image', source, path, encoding);
  const format = IMAGES[source.mediaType.toLowerCase()];
  if (format === undefined) {
    return leftOut(
      `image of type ${source.mediaType}`,
      path,
      'Converse takes PNG, JPEG, GIF and WebP',
      encoding,
    );
  }
  return { image: { format, source: { bytes: source.data } } };
}

export function encodeFile(part: FilePart, path: string, encoding: BlockEncoding): JsonObject {
  const { source } = part;
  if (source.kind !== 'base64') return byReference('file', source, path, encoding);
  const type = source.mediaType.toLowerCase().split(';', 1)[0] ?? '';
  if (IMAGES[type] !== undefined) return encodeImage({ type: 'image', source }, path, encoding);
  const format = DOCUMENTS[type] ?? (isText(type) ? 'txt' : undefined);
  if (format === undefined) {
    return leftOut(`file of type ${type}`, path, 'Converse does not know the format', encoding);
  }
  const name = documentName(part.filename, encoding.documents);
  return { document: { format, name, source: { bytes: source.data } } };
}

const isText = (type: string): boolean =>
  /^(?:text\/|application\/(?:json|xml|yaml|toml|javascript)\b)/.test(type);

function byReference(
  what: string,
  source: Exclude<ImagePart['source'], { kind: 'base64' }>,
  path: string,
  encoding: BlockEncoding,
): JsonObject {
  const why = 'Converse takes the bytes themselves only';
  return leftOut(`${what} by ${source.kind === 'url' ? 'address' : 'id'}`, path, why, encoding);
}

/** The model is told that something is missing; silence would make it guess. */
function leftOut(what: string, path: string, why: string, { losses }: BlockEncoding): JsonObject {
  losses.push({ path, what, why });
  return { text: `[Left out here: ${what}; it cannot be shown to this model.]` };
}

/** Letters, digits, single spaces, hyphens and brackets only, at most 200, and each name once in a request. */
function documentName(filename: string | undefined, taken: Set<string>): string {
  const plain = (filename ?? '')
    .replace(/[^a-zA-Z0-9\s()[\]-]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 190);
  const stem = plain || 'document';
  let name = stem;
  for (let count = 2; taken.has(name); count++) name = `${stem} (${count})`;
  taken.add(name);
  return name;
}
