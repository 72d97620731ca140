import { z } from 'zod';
import { Device, IssuedToken } from '@vigiles/contract';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { sessionCookie } from '../../platform/http/index.ts';
import { sessionMs } from './browser.ts';
import type { Devices } from './devices.ts';
import type { Guessing } from './guessing.ts';

const common = { method: 'POST', tag: 'sign-in', tier: 'standard' } as const;

/** The doors that need no token: they are how one gets one. */
export function signInRoutes({ devices, guessing }: { devices: Devices; guessing: Guessing }): Route[] {
  return [
    defineRoute({
      ...common,
      path: '/auth/pair',
      operationId: 'completePairing',
      summary: 'Use a pairing code up and get the token, which is shown only here',
      scope: 'public',
      audit: 'pairing.complete',
      body: z.strictObject({
        code: z.string().min(1).max(40),
        name: z.string().trim().min(1).max(80).optional(),
      }),
      success: IssuedToken,
      successStatus: 201,
      faults: ['pairing_code_invalid', 'too_many_guesses'],
      handle: async ({ body, remoteAddress }) => {
        guessing.count(remoteAddress);
        return devices.pairings.complete(body.code, body.name);
      },
    }),
    defineRoute({
      ...common,
      path: '/auth/sign-in',
      operationId: 'signIn',
      summary: 'Use the code of a sign-in link up and get a session cookie',
      scope: 'public',
      audit: 'browser.sign-in',
      body: z.strictObject({ code: z.string().min(1).max(100) }),
      success: z.object({ device: Device }),
      faults: ['sign_in_code_invalid', 'too_many_guesses'],
      handle: async ({ body, remoteAddress, setHeader }) => {
        guessing.count(remoteAddress);
        const { device, cookie } = await devices.browser.signIn(body.code);
        setHeader('set-cookie', sessionCookie(cookie, Math.floor(sessionMs / 1000)));
        return { device };
      },
    }),
    defineRoute({
      ...common,
      path: '/auth/sign-out',
      operationId: 'signOut',
      summary: 'End this browser’s session',
      // Any session may end itself, whatever it may do besides.
      scope: 'read',
      audit: 'browser.sign-out',
      success: z.object({ success: z.literal(true) }),
      faults: [],
      handle: async ({ identity, setHeader }) => {
        if (identity.kind === 'browser')
          await devices.revoke(identity.deviceId, `device:${identity.deviceId}`);
        setHeader('set-cookie', sessionCookie('', 0));
        return { success: true as const };
      },
    }),
  ];
}
