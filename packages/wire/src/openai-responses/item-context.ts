import type { Loss, ToolNames } from '../canonical/index.ts';

/** What decoding an item needs besides the item. */
export interface ItemContext {
  /** Stamped on `encrypted_content` that is not one of our envelopes. */
  issuer: string;
  /** Undoes the flattening of the request; a client's own request needs none. */
  names: ToolNames;
  losses: Loss[];
}

/** The vendor whose `encrypted_content` a Responses client brings along. */
export const NATIVE_ISSUER = 'openai';

/** `type`s of content parts; every other unknown piece is an item of its own. */
export function isContentType(type: string): boolean {
  return type.startsWith('input_') || type.startsWith('output_');
}
