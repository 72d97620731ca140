import { createRedactor, redactedMark } from '../../../platform/secrets/redactor.ts';
import { vendorTokens } from '../../../platform/secrets/token-shapes.ts';

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
    for (const shape of vendorTokens) clean = clean.replace(shape, redactedMark);
    return redactor.text(clean);
  };
}
