import type { CheckAccess } from '../features/watchdog/index.ts';
import type { ControlKit } from './extension.ts';
import { gatewayUrl } from './gateway-service.ts';

/** Under this name its turns and their cost stand in the device list. */
const deviceName = 'Vigiles checks';

/** What checks may use: secrets by reference, and our own gateway as a device of its own, made when it is needed first. */
export function checkAccess(
  { config, configuration, devices, plugins }: ControlKit,
  port: number,
): CheckAccess {
  let token: Promise<string> | null = null;

  async function newToken(): Promise<string> {
    // An earlier control of this home kept its token in memory only.
    for (const { kind, device } of await devices.list()) {
      if (kind === 'device' && device.name === deviceName) await devices.revoke(device.id, 'system');
    }
    return (await devices.createDevice({ name: deviceName, scopes: ['gateway'] }, 'system')).token;
  }

  return {
    resolve: (text) => configuration.resolve(text),
    plugin: plugins.look,
    async gateway() {
      const { gateway } = config();
      if (!gateway.enabled) return null;
      token ??= newToken().catch((thrown: unknown) => {
        token = null;
        throw thrown;
      });
      return { url: gatewayUrl(gateway.host, gateway.port || port), token: await token };
    },
  };
}
