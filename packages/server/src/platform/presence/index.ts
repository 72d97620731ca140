export { presenceMigrations } from './migrations.ts';
export { alone, createPresence, type Presence } from './presence.ts';
