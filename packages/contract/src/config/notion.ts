import { z } from 'zod';
import { webAddress } from './web-address.ts';

const pageId = z
  .string()
  .regex(
    /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i,
    'the id of a page: 32 hex digits',
  )
  .transform((id) => id.replaceAll('-', '').toLowerCase());

const NotionPageConfig = z.strictObject({
  page: pageId.meta({ description: 'Id of the page: the 32 digits at the end of its address.' }),
  file: z
    .string()
    .max(200)
    .regex(
      /^[A-Za-z0-9][\w. -]*(?:\/[A-Za-z0-9][\w. -]*)*\.md$/,
      'a .md file below the directory, without ..',
    )
    .refine((file) => !file.split('/').some((part) => part.endsWith('.')), 'no part may end with a dot'),
});

/** Pages of Notion and Markdown files here, kept in step both ways. */
export const NotionConfig = z
  .strictObject({
    enabled: z.boolean().default(false),
    token: z.string().min(1).max(500).optional().meta({
      description: 'Secret of the Notion integration; a reference such as ${secret:notion}.',
      secret: true,
    }),
    api_url: webAddress.default('https://api.notion.com'),
    directory: z.string().min(1).max(1000).default('notion').meta({
      description: 'Folder of the Markdown files; relative ones lie in the home folder.',
    }),
    pages: z
      .array(NotionPageConfig)
      .max(200)
      .default([])
      .refine(
        (all) => new Set(all.map(({ page }) => page)).size === all.length,
        'one page stands there twice',
      )
      .refine(
        (all) => new Set(all.map(({ file }) => file.toLowerCase())).size === all.length,
        'two pages have the same file',
      ),
    poll_minutes: z.int().min(0).max(1440).default(15).meta({
      description: 'Minutes between looks at every page, also without a webhook; 0: never.',
    }),
    requests_per_second: z.number().min(0.1).max(100).default(3).meta({
      description: 'What Notion allows on average; more only where it was agreed with them.',
    }),
    webhook_token: z.string().min(1).max(500).optional().meta({
      description:
        'Verification token of the webhook, where it is known already. Absent: the one that Notion sends while the door is open for it.',
      secret: true,
    }),
    replay_hours: z.number().min(0.1).max(168).default(25).meta({
      description: 'Events older than this are refused; Notion tries again for about a day.',
    }),
  })
  .prefault({});
export type NotionConfig = z.output<typeof NotionConfig>;
