import { z } from 'zod';
import { QuirksConfig } from '../config/quirks.ts';
import { ActionTargetClass } from './action.ts';

/** What a plugin calls one of its things: its whole name is `<plugin>/<name>`. */
export const PluginItemName = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, 'a lower-case name');
/** One thing of one plugin, as it is written in vigiles.yaml: `api-quota/credit`. */
export const PluginReference = z
  .string()
  .max(130)
  .regex(/^[a-z][a-z0-9-]{1,63}\/[a-z][a-z0-9_-]{0,62}$/, 'a plugin and a name: `api-quota/credit`');

const text = (most: number) => z.string().min(1).max(most);

/** One option, in the words of JSON Schema. There are no patterns: a plugin's expression must not run in here. */
export const PluginOption = z.strictObject({
  type: z.enum(['string', 'number', 'integer', 'boolean', 'array']),
  description: z.string().max(500).optional(),
  default: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).optional(),
  enum: z.array(z.string().max(200)).min(1).max(100).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.int().min(0).optional(),
  maxLength: z.int().min(0).max(10_000).optional(),
  /** Of lists: each entry is a text. */
  items: z.strictObject({ type: z.literal('string') }).optional(),
});
export type PluginOption = z.output<typeof PluginOption>;

/** What can be set where one of a plugin's things is used: a JSON Schema, kept to what a form can show. */
export const PluginOptions = z
  .strictObject({
    type: z.literal('object').default('object'),
    properties: z
      .record(z.string().regex(/^[a-z][a-zA-Z0-9_]{0,47}$/), PluginOption)
      .refine((properties) => Object.keys(properties).length <= 50, 'more than 50 options')
      .default({}),
    required: z.array(z.string()).max(50).default([]),
  })
  .prefault({});
export type PluginOptions = z.output<typeof PluginOptions>;

const said = {
  title: text(80),
  description: z.string().max(500).default(''),
  options: PluginOptions,
};

export const PluginCheckDeclared = z.strictObject(said);

/** The steps of an action that are the plugin's own; the others are what the runner does without them. */
export const PluginActionStep = z.enum([
  'plan',
  'precheck',
  'perform',
  'verify',
  'steady',
  'snapshot',
  'rollback',
  'restored',
]);
export type PluginActionStep = z.output<typeof PluginActionStep>;

export const PluginActionDeclared = z.strictObject({
  ...said,
  /** `observe` is not among them: whatever a plugin does is held by the guards. */
  risk: z.enum(['reversible', 'disruptive', 'destructive']).default('disruptive'),
  targets: z.array(ActionTargetClass).min(1).default(['service']),
  timeout_s: z.number().min(1).max(600).default(60),
  steps: z.array(PluginActionStep).max(8),
});
export type PluginActionDeclared = z.output<typeof PluginActionDeclared>;

export const PluginChannelDeclared = z.strictObject({
  ...said,
  per_minute: z.number().min(0.1).max(600).default(30),
});

const path = z
  .string()
  .max(200)
  .regex(/^\/[A-Za-z0-9._~/{}:?=&-]*$/, 'a path');

/** A sort of provider, as data: the gateway needs no process of the plugin's for it. */
export const PluginProvider = z.strictObject({
  name: text(80),
  base_url: z.url({ protocol: /^https?$/ }).optional(),
  base_path: path.optional(),
  protocols: z
    .array(
      z.strictObject({
        protocol: z.enum(['openai-responses', 'openai-chat', 'anthropic-messages', 'gemini']),
        path,
        stream_path: path.optional(),
        strict: z.boolean().default(false),
      }),
    )
    .min(1)
    .max(4),
  auth: z.enum(['bearer', 'x-api-key', 'x-goog-api-key', 'api-key', 'none']).default('bearer'),
  headers: z
    .record(z.string().regex(/^[a-z0-9-]{1,64}$/), z.string().max(500))
    .refine((headers) => Object.keys(headers).length <= 20, 'more than 20 headers')
    .default({}),
  quirks: QuirksConfig.prefault({}),
  /** Below the base address; null: it cannot list its models. */
  models_path: path.nullable().default('/models'),
  /** Offered where it lists none. */
  models: z.array(text(200)).max(200).default([]),
  /** It runs on the user's own machine: its turns cost nothing. */
  free: z.boolean().default(false),
  /** Where a local server of this sort is looked for: on this machine only. */
  usual_ports: z.array(z.int().min(1).max(65_535)).max(4).default([]),
});
export type PluginProvider = z.output<typeof PluginProvider>;

/** Begins with `<`, where calls are looked for; never what prose is made of. */
const opener = z
  .string()
  .max(64)
  .regex(/^<[^\s=<][^\s]{1,62}$/, 'a marker such as <|call|>: it begins with < and has no blanks');

/** How a family of models writes calls into its text, as data: the gateway reads it without a process of the plugin's. */
export const PluginToolCallFormat = z.strictObject({
  description: z.string().max(500).default(''),
  /** What a call begins with. */
  open: z.array(opener).min(1).max(8),
  /** What it ends with. */
  close: z.array(z.string().min(1).max(64)).min(1).max(8),
  /**
   * `json`: `{"name": …, "arguments": {…}}`, or a list of them. `keyed_json`: `{"tool": {…}}`, the key is the name, or a
   * list of them. `named_json`: the name, `separator`, then the arguments as an object.
   */
  payload: z.enum(['json', 'keyed_json', 'named_json']),
  /** `json`: fields of the name and of the arguments, where they are not the usual ones. */
  name_key: text(64).optional(),
  arguments_key: text(64).optional(),
  /** `named_json`: what stands between name and arguments. Absent: white space. */
  separator: z.string().min(1).max(32).optional(),
});
export type PluginToolCallFormat = z.output<typeof PluginToolCallFormat>;

const named = <Item extends z.ZodType>(item: Item) =>
  z
    .record(PluginItemName, item)
    .refine((items) => Object.keys(items).length <= 32, 'more than 32 of one kind')
    .default({});

/** Everything a plugin adds, as its process says it when it has started. */
export const PluginDeclaration = z.strictObject({
  checks: named(PluginCheckDeclared),
  actions: named(PluginActionDeclared),
  channels: named(PluginChannelDeclared),
  providers: named(PluginProvider),
  tool_call_formats: named(PluginToolCallFormat),
});
export type PluginDeclaration = z.output<typeof PluginDeclaration>;
