import type { FilePart } from '../canonical/index.ts';

/** How Chat Completions names the sounds whose type is called otherwise. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['audio/x-wav', 'wav'],
  ['audio/wave', 'wav'],
  ['audio/mpeg', 'mp3'],
]);

/** The type of sound a file holds; undefined where it is none, or only an address. */
export function audioType({ source }: FilePart): string | undefined {
  const type = source.kind === 'base64' ? source.mediaType.toLowerCase().split(';', 1)[0] : undefined;
  return type?.startsWith('audio/') ? type : undefined;
}

/** `audio/mpeg` → `mp3`. */
export const audioFormat = (type: string): string => FORMATS.get(type) ?? type.slice('audio/'.length);

/** `mp3` → `audio/mpeg`. */
export const typeOfAudio = (format: string): string => (format === 'mp3' ? 'audio/mpeg' : `audio/${format}`);

/** What a model that hears nothing is told in its place. */
export const AUDIO_LEFT_OUT = '[A sound was left out here: this model hears none.]';
