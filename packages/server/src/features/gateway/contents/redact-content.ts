import { createRedactor, redactedMark } from '../../../platform/secrets/redactor.ts';

/** Shapes of keys and tokens of well-known vendors, and private keys. */
const SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]{1,8000}?-----END [A-Z ]*PRIVATE KEY-----/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  /\bAIza[\w-]{30,}/g,
  /\b(?:glpat-|hf_|gsk_|xai-|pplx-|npm_)[\w-]{16,}/g,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/g,
];

/**
 * @param known secrets of the configuration, in every form they take
 * @param shapes whether whatever looks like a secret goes, too
 */
export function contentRedactor(known: readonly string[], shapes: boolean): (text: string) => string {
  const redactor = createRedactor();
  return (text) => {
    let clean = text;
    for (const value of known) if (clean.includes(value)) clean = clean.replaceAll(value, redactedMark);
    if (!shapes) return clean;
    for (const shape of SHAPES) clean = clean.replace(shape, redactedMark);
    return redactor.text(clean);
  };
}
