import { defineCheck, isLoopback, remoteUnlessLoopback } from './define-check.ts';
import { exchange } from './http/exchange.ts';
import { prepareJudge } from './http/expectations.ts';
import { prepareRequest } from './http/request.ts';
import { failedLook } from './failed-look.ts';

/** An address without what may be secret in it; references keep it from being parsed as it stands. */
const addressOf = (text: string): URL => new URL(text.replaceAll(/\$\{[^}]*\}/g, 'x'));

export const check = defineCheck({
  type: 'http',
  title: 'HTTP',
  target: (config) => {
    const url = addressOf(config.url);
    return `${url.protocol}//${url.host}${url.pathname}`;
  },
  remoteHost: (config) => remoteUnlessLoopback(addressOf(config.url).hostname),
  localPort: (config) => {
    const url = addressOf(config.url);
    if (!isLoopback(url.hostname)) return null;
    return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  },
  prepare(config, kit) {
    const request = prepareRequest(config, kit);
    const judge = prepareJudge(config, kit.http, () => kit.clock.now());
    return {
      async look({ signal }) {
        const begun = kit.clock.monotonic();
        try {
          return judge(await exchange(request(), kit.http, signal), kit.clock.monotonic() - begun);
        } catch (thrown) {
          return failedLook(thrown, signal);
        }
      },
    };
  },
});
