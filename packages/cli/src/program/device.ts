import { integer, type Verbs } from './verb.ts';

const scopes = 'read, operate, gateway, config, devices, sessions:…, oauth, admin';

/** `devices …`, `oauth …`, `login` and `logout` */
export function declareDevices({ asking, group, home }: Verbs): void {
  for (const name of ['devices', 'device']) {
    const devices = group(name, 'who may talk to Vigiles');
    asking('list', 'devices and signed-in browsers', devices).action(async (options) =>
      (await import('../verbs/device.ts')).listDevices(options),
    );
    asking('pair <name>', 'a code that lets one device in', devices)
      .option('--scopes <list>', scopes, 'read')
      .option('--token', 'print a token instead of a code')
      .action(async (called, options) => (await import('../verbs/device.ts')).pairDevice(called, options));
    asking('approve <code>', 'let the program in that shows this code', devices)
      .option('--scopes <list>', 'what it may do; absent: what it asked for')
      .option('--name <name>', 'what it is called')
      .option('--deny', 'turn it away')
      .action(async (code, options) => (await import('../verbs/device.ts')).approveDevice(code, options));
    asking('rotate <device>', 'a new token; the old one ends', devices)
      .option('--overlap <seconds>', 'for so long the old one holds too', integer(0, 86_400), 0)
      .action(async (id, options) => (await import('../verbs/device.ts')).rotateDevice(id, options));
    asking('revoke <device>', 'end a device', devices).action(async (id, options) =>
      (await import('../verbs/device.ts')).revokeDevice(id, options),
    );
  }
  const oauth = group('oauth', 'accounts at other services');
  asking('list', 'which there are and how they stand', oauth).action(async (options) =>
    (await import('../verbs/oauth.ts')).listOauth(options),
  );
  asking('connect <provider>', 'the page on which an account is connected', oauth)
    .option('--no-wait', 'do not wait until it is')
    .action(async (provider, options) => (await import('../verbs/oauth.ts')).connectOauth(provider, options));
  asking('disconnect <provider>', 'have the provider end what it gave, and forget it', oauth).action(
    async (provider, options) => (await import('../verbs/oauth.ts')).disconnectOauth(provider, options),
  );
  if (home !== null) return;
  asking('login <url>', 'be let into a Vigiles on another machine')
    .option('--scopes <list>', scopes, 'read,operate')
    .option('--name <name>', 'what this machine is called there')
    .action(async (url, options) => (await import('../verbs/login.ts')).login(url, options));
  asking('logout', 'give the token of the login back').action(async (options) =>
    (await import('../verbs/login.ts')).logout(options),
  );
}
