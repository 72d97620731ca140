import { fault, type Fault } from './fault.ts';

/** What anybody has a use for; recursion over it ends far from the end of the stack. */
const mostLevels = 200;

export const tooDeep = (): Fault =>
  fault('invalid', 'body_too_deep', `What was sent is nested deeper than ${mostLevels} levels.`);

const [bracket, brace] = [0x5b, 0x7b];

/** Whether the text has enough brackets to be nested so deep. Cheap: asked of every body. */
export function mayBeDeep(text: Uint8Array): boolean {
  let opened = 0;
  for (const byte of text) {
    if (byte !== bracket && byte !== brace) continue;
    opened += 1;
    if (opened > mostLevels) return true;
  }
  return false;
}

/** Whether objects and lists are nested deeper than allowed. Level by level, since recursion is what it guards from. */
export function isTooDeep(value: unknown): boolean {
  let level: object[] = typeof value === 'object' && value !== null ? [value] : [];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > mostLevels) return true;
    const below: object[] = [];
    for (const one of level)
      for (const inside of Object.values(one))
        if (typeof inside === 'object' && inside !== null) below.push(inside as object);
    level = below;
  }
  return false;
}
