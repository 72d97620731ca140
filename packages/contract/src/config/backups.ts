import { z } from 'zod';
import { webAddress } from './web-address.ts';

const secret = (what: string) =>
  z
    .string()
    .min(1)
    .max(8192)
    .meta({ description: `${what} A reference: \${env:NAME} or \${secret:name}.`, secret: true });

const common = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dots, dashes')
    .meta({ description: 'How it is called here.' }),
  enabled: z.boolean().default(true),
  schedule: z.string().max(200).default('15 3 * * *').meta({
    description: 'Cron expression. Missed while Vigiles was stopped: made up for after the start.',
  }),
  timezone: z.string().max(64).default('UTC'),
  keep: z.int().min(1).max(3650).default(14).meta({
    description: 'Newest backups that are kept there; older ones of this target are deleted.',
  }),
  recipients: z
    .array(z.string().regex(/^age1[a-z0-9]{20,4000}$/, 'an age recipient: age1…'))
    .max(20)
    .default([])
    .meta({ description: 'Public keys it is encrypted to; only their identities open it.' }),
  passphrase: secret('Instead of recipients.').optional(),
};

const target = <Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) =>
  z.strictObject({ type: z.literal(type), ...common, ...shape });

/** A place that encrypted backups go to. */
export const BackupTargetConfig = z.discriminatedUnion('type', [
  target('folder', {
    path: z.string().startsWith('/').max(4096).meta({
      description: 'A folder that exists: a mounted disk, or the folder of iCloud Drive, Dropbox, Syncthing.',
    }),
  }),
  target('s3', {
    endpoint: webAddress.meta({ description: 'Of an S3-compatible store, without the bucket.' }),
    region: z.string().min(1).max(64).default('us-east-1'),
    bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a bucket name'),
    prefix: z
      .string()
      .regex(/^(?:[A-Za-z0-9._-]+\/)*$/, 'path ending with /, or nothing')
      .default('vigiles/'),
    access_key_id: secret('Key id.'),
    secret_access_key: secret('Secret of the key.'),
    part_mb: z.number().min(5).max(512).default(8).meta({
      description: 'Backups larger than this go in parts of this size.',
    }),
  }),
  target('webdav', {
    url: webAddress.meta({ description: 'A collection that exists, ending with /.' }),
    username: z.string().min(1).max(320).optional(),
    password: secret('Password.').optional(),
  }),
]);
export type BackupTargetConfig = z.output<typeof BackupTargetConfig>;

/** Encrypted copies of the store, on a schedule, to places elsewhere. */
export const BackupsConfig = z
  .strictObject({ targets: z.array(BackupTargetConfig).max(20).default([]) })
  .prefault({});
export type BackupsConfig = z.output<typeof BackupsConfig>;
