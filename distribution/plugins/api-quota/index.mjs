import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { definePlugin, failing, healthy, unknown } from '@vigiles/sdk/plugin';
import { accounts } from './lib/accounts.mjs';
import { add, hoursLeft } from './lib/pace.mjs';

const round = (value) => Math.round(value * 100) / 100;

/** The looks of the last day: they are kept over restarts. What cannot be read begins anew. */
async function looksIn(path) {
  try {
    const looks = JSON.parse(await readFile(path, 'utf8'));
    return Array.isArray(looks)
      ? looks.filter(({ at, left }) => Number.isFinite(at) && Number.isFinite(left))
      : [];
  } catch {
    return [];
  }
}

export const plugin = definePlugin({
  checks: {
    credit: {
      title: 'Credit left',
      description:
        'What is left of the credit at a provider, and for how long it lasts at the pace of the last day.',
      options: {
        properties: {
          provider: { type: 'string', enum: Object.keys(accounts), description: 'Whose account.' },
          least: {
            type: 'number',
            default: 5,
            minimum: 0,
            description: 'Fails below this, in the account’s currency.',
          },
          hours: {
            type: 'number',
            default: 12,
            minimum: 0,
            description: 'Fails when it lasts for less. 0: the pace does not count.',
          },
        },
        required: ['provider'],
      },
      async look({ options, fetch, secret, dataFolder }) {
        const { provider, least, hours } = options;
        const account = accounts[provider];
        const answer = await fetch(account.url, {
          headers: { authorization: `Bearer ${secret(account.secret)}`, accept: 'application/json' },
        });
        if (answer.status === 401 || answer.status === 403)
          return unknown(`${provider} does not take the key (${answer.status})`);
        if (!answer.ok) return unknown(`${provider} answered ${answer.status}`);
        const { left, currency } = account.read(answer.json());
        if (!Number.isFinite(left)) return unknown(`${provider} did not say what is left`);
        const path = join(dataFolder, `${provider}.json`);
        const looks = add(await looksIn(path), { at: Date.now(), left });
        await writeFile(path, JSON.stringify(looks));
        const lasts = hoursLeft(looks);
        const facts = {
          left: round(left),
          currency,
          ...(lasts === null ? {} : { hours_left: round(lasts) }),
        };
        if (left < least)
          return failing(`${round(left)} ${currency} left at ${provider}, less than ${least}`, facts);
        if (hours > 0 && lasts !== null && lasts < hours)
          return failing(
            `the credit at ${provider} lasts for ${round(lasts)} hours at the pace of the last day`,
            facts,
          );
        return healthy(facts);
      },
    },
  },
});
