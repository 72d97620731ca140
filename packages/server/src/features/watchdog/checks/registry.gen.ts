// Written by npm run gen. Do not edit.
import { check as heartbeat } from './heartbeat.ts';
import { check as http } from './http.ts';
import { check as process } from './process.ts';
import { check as tcp } from './tcp.ts';

export const checks = {
  heartbeat,
  http,
  process,
  tcp,
} as const;
