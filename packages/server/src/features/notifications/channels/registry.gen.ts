// Written by npm run gen. Do not edit.
import { channel as apprise } from './apprise.ts';
import { channel as console } from './console.ts';
import { channel as desktop } from './desktop.ts';
import { channel as discord } from './discord.ts';
import { channel as email } from './email.ts';
import { channel as gotify } from './gotify.ts';
import { channel as matrix } from './matrix.ts';
import { channel as ntfy } from './ntfy.ts';
import { channel as opsgenie } from './opsgenie.ts';
import { channel as pagerduty } from './pagerduty.ts';
import { channel as plugin } from './plugin.ts';
import { channel as pushover } from './pushover.ts';
import { channel as slack } from './slack.ts';
import { channel as teams } from './teams.ts';
import { channel as telegram } from './telegram.ts';
import { channel as webhook } from './webhook.ts';
import { channel as webpush } from './webpush.ts';

export const channels = {
  apprise,
  console,
  desktop,
  discord,
  email,
  gotify,
  matrix,
  ntfy,
  opsgenie,
  pagerduty,
  plugin,
  pushover,
  slack,
  teams,
  telegram,
  webhook,
  webpush,
} as const;
