import type { Verbs } from './verb.ts';

/** `device …` */
export function declareDevices({ asking, group }: Verbs): void {
  asking('devices', 'who may talk to Vigiles').action(async (options) =>
    (await import('../verbs/device.ts')).listDevices(options),
  );
  const device = group('device', 'who may talk to Vigiles');
  asking('pair <name>', 'a code that lets one device in', device)
    .option('--scopes <list>', 'read, operate, gateway, config, devices, admin', 'read')
    .option('--token', 'print a token instead of a code')
    .action(async (name, options) => (await import('../verbs/device.ts')).pairDevice(name, options));
  asking('list', 'devices and signed-in browsers', device).action(async (options) =>
    (await import('../verbs/device.ts')).listDevices(options),
  );
  asking('rotate <device>', 'a new token; the old one ends', device).action(async (id, options) =>
    (await import('../verbs/device.ts')).rotateDevice(id, options),
  );
  asking('revoke <device>', 'end a device', device).action(async (id, options) =>
    (await import('../verbs/device.ts')).revokeDevice(id, options),
  );
}
