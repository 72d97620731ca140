import type { Signature } from '../canonical/index.ts';

/** A signature together with the visible text it signs, where the carrier has no other room for that text. */
export interface SealedSignature extends Signature {
  text?: string;
}

const PREFIX = 'vgl1.';
const KINDS: Record<string, Signature['kind']> = { s: 'signature', r: 'redacted', e: 'encrypted' };
const LETTERS: Record<Signature['kind'], string> = { signature: 's', redacted: 'r', encrypted: 'e' };

/**
 * Packs one provider's signature into a string that another protocol's client keeps and replays untouched
 * (Responses `encrypted_content`, Anthropic `signature` and `redacted_thinking.data`).
 * Layout: `vgl1.<kind>.<issuer>.<text>.<data>`; the data stands last and verbatim.
 */
export function sealSignature({ issuer, kind, data, text }: SealedSignature): string {
  return `${PREFIX}${LETTERS[kind]}.${escape(issuer)}.${text === undefined ? '' : escape(`"${text}`)}.${data}`;
}

/**
 * Unpacks what `sealSignature` made, byte for byte. Any other string is the client's own vendor's:
 * it is returned as `{issuer: nativeIssuer, kind: nativeKind, data}`. Never throws.
 */
export function openSignature(
  sealed: string,
  nativeIssuer: string,
  nativeKind: Signature['kind'] = 'encrypted',
): SealedSignature {
  return (
    (sealed.startsWith(PREFIX) && unpack(sealed)) || { issuer: nativeIssuer, kind: nativeKind, data: sealed }
  );
}

function unpack(sealed: string): SealedSignature | undefined {
  const kindEnd = sealed.indexOf('.', PREFIX.length);
  const issuerEnd = sealed.indexOf('.', kindEnd + 1);
  const textEnd = sealed.indexOf('.', issuerEnd + 1);
  if (kindEnd === -1 || issuerEnd === -1 || textEnd === -1) return undefined;
  const letter = sealed.slice(PREFIX.length, kindEnd);
  const kind = Object.hasOwn(KINDS, letter) ? KINDS[letter] : undefined;
  const issuer = unescape(sealed.slice(kindEnd + 1, issuerEnd));
  const text = unescape(sealed.slice(issuerEnd + 1, textEnd));
  if (!kind || issuer === undefined || text === undefined) return undefined;
  const opened: SealedSignature = { issuer, kind, data: sealed.slice(textEnd + 1) };
  if (text.startsWith('"')) opened.text = text.slice(1);
  return opened;
}

/** JSON first, because it alone keeps lone surrogates; then no dot and nothing outside printable ASCII is left. */
function escape(text: string): string {
  return encodeURIComponent(JSON.stringify(text).slice(1, -1)).replaceAll('.', '%2E');
}

function unescape(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(`"${decodeURIComponent(text)}"`);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
