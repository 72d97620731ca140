import { characters } from './characters.ts';

/* oxlint-disable no-control-regex -- control characters are what this file is about */
const escapes = /\u001B(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[ -/]*[0-~])/g;
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;
const invisible = /[\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g;

/** Text of others made harmless for a terminal: no escape sequences, control or direction characters, one line. */
export const clean = (text: string): string =>
  text
    .replace(/[\r\n\t]+/g, ' ')
    .replace(escapes, '')
    .replace(controls, '�')
    .replace(invisible, '');

/** How many characters a person sees. */
export const lengthOf = (text: string): number => characters(text).length;

/** At most this many characters, the last one an ellipsis. */
export const clip = (text: string, length: number): string => {
  const all = characters(text);
  return all.length <= length ? text : `${all.slice(0, Math.max(0, length - 1)).join('')}…`;
};
