/** What each device is called, as far as it is known; filled once by the shell and when devices change. */
let names: ReadonlyMap<string, string> = new Map();

export function nameDevices(devices: readonly { id: string; name: string }[]): void {
  names = new Map(devices.map(({ id, name }) => [id, name]));
}

/** `device:…` is a person's device, told by its name; the watchdog is itself. */
export const actorName = (actor: string): string =>
  actor.startsWith('device:') ? (names.get(actor.slice(7)) ?? 'a person') : actor;

/** The same inside a sentence: why a run ended. */
export const withNames = (text: string): string => text.replaceAll(/\bdevice:[\w-]+/g, actorName);
