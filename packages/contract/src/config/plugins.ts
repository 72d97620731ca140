import { z } from 'zod';
import { webAddress } from './web-address.ts';

/** A pinned public key, as `vigiles plugin key` prints it: the 32 raw bytes in base64. */
export const PluginKey = z
  .string()
  .regex(/^ed25519:[A-Za-z0-9+/]{43}=$/, 'ed25519: and the 32 bytes of the public key in base64');

const PluginRegistry = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'lower-case letters, digits, dashes')
    .refine((name) => name !== 'local' && name !== 'bundled', 'is the name of a source of its own'),
  url: webAddress.meta({ description: 'Address of another Vigiles: https://vigiles.example.org' }),
  keys: z.array(PluginKey).min(1).max(8).meta({
    description:
      'Its index must be signed with one of these. Pin the next key beside the old one to change it.',
  }),
  token: z.string().min(1).max(500).optional().meta({
    description: 'Token of a device there that may read. A reference: ${secret:name}.',
    secret: true,
  }),
});

/** Plugins: where they lie, whom they are taken from, and how large they may be. */
export const PluginsConfig = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .meta({ description: 'Off: nothing is served or installed, and no plugin runs.' }),
    plugin_auto_update: z.boolean().default(false).meta({
      description:
        'Take newer versions by itself, from where a plugin was installed from; never one that wants more permissions.',
    }),
    check_minutes: z
      .int()
      .min(5)
      .max(10_080)
      .default(360)
      .meta({ description: 'How often registries are read.' }),
    directory: z.string().min(1).max(1000).default('plugins').meta({
      description: 'Folder for packages and installed plugins; relative ones lie in the home folder.',
    }),
    registries: z
      .array(PluginRegistry)
      .max(20)
      .default([])
      .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'two have the same name')
      .meta({ description: 'Other Vigiles whose plugins may be installed here.' }),
    signing_key: z.string().min(1).max(4000).optional().meta({
      description:
        'ed25519 private key (PEM, or PKCS #8 in base64) that signs what is published here. A reference; without it one is made at the first publication.',
      secret: true,
    }),
    index_days: z.int().min(1).max(365).default(14).meta({
      description:
        'Days for which the signed index of this repository counts; it is renewed at half of that.',
    }),
    max_package_mb: z
      .number()
      .min(0.01)
      .max(50)
      .default(50)
      .meta({ description: 'Largest package, compressed.' }),
    max_unpacked_mb: z
      .number()
      .min(0.01)
      .max(1024)
      .default(200)
      .meta({ description: 'All files of a package together.' }),
    max_file_mb: z.number().min(0.01).max(1024).default(100).meta({ description: 'One file of a package.' }),
    max_entries: z
      .int()
      .min(1)
      .max(100_000)
      .default(5000)
      .meta({ description: 'Files and folders of a package.' }),
    max_ratio: z.int().min(2).max(1100).default(200).meta({
      description: 'How many times its size a package may grow to; past it it counts as a bomb.',
    }),
  })
  .prefault({});
export type PluginsConfig = z.output<typeof PluginsConfig>;
