// Written by npm run gen. Do not edit.
import { check as agent } from './agent.ts';
import { check as container } from './container.ts';
import { check as dns } from './dns.ts';
import { check as heartbeat } from './heartbeat.ts';
import { check as http } from './http.ts';
import { check as jsonFile } from './json-file.ts';
import { check as log } from './log.ts';
import { check as ping } from './ping.ts';
import { check as plugin } from './plugin.ts';
import { check as process } from './process.ts';
import { check as resource } from './resource.ts';
import { check as script } from './script.ts';
import { check as sql } from './sql.ts';
import { check as systemd } from './systemd.ts';
import { check as tcp } from './tcp.ts';
import { check as tls } from './tls.ts';

export const checks = {
  agent,
  container,
  dns,
  heartbeat,
  http,
  'json-file': jsonFile,
  log,
  ping,
  plugin,
  process,
  resource,
  script,
  sql,
  systemd,
  tcp,
  tls,
} as const;
