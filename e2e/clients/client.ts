/** Where a client is pointed. */
export interface Door {
  gatewayUrl: string;
  token: string;
}

/** One answer of the model as the client's own package told it. */
export interface Step {
  text: string;
  /** Text deltas; 0 where the answer came whole. */
  deltas: number;
  calls: { name: string; arguments: unknown }[];
  /** In the client's own word. */
  stop: string | null | undefined;
  usage: { input: number; output: number; cached: number };
}

/** An official client package with the loop its users write: replay what it gave you, run what is called. */
export interface SdkClient {
  /** Its name in the table, and in the model's name of each cell. */
  name: string;
  id: string;
  /** Its words for an answer with calls and for the last one. */
  stops: { calls: string; end: string };
  /** Whether what this provider sealed comes back to it through this client. */
  keepsReasoning(provider: string): boolean;
  run(door: Door, model: string, stream: boolean): Promise<Step[]>;
}

/** The tools offered, and what they answer. Their schema is harder than most: `$ref`, type lists, formats, `oneOf`. */
export const parameters = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object' as const,
  properties: {
    q: { type: ['string', 'null'], format: 'uri' },
    nested: { $ref: '#/$defs/nested' },
    mode: { oneOf: [{ const: 'a' }, { const: 'b' }] },
  },
  required: ['q'],
  additionalProperties: false,
  $defs: { nested: { type: 'object', properties: { list: { type: 'array' } } } },
};
export const noParameters = { type: 'object' as const, properties: {} };
const answers: Record<string, string> = { look_up: 'found it', list_files: 'a.txt' };
export const answerOf = (name: string): string => answers[name] ?? `no tool ${name}`;

/** What `lookUpScript` asks for and says at the end, once all answers came back in order. */
export const wantedCalls = [
  [
    { name: 'look_up', arguments: { q: 'aß', nested: { list: [1, 'two'] } } },
    { name: 'list_files', arguments: {} },
  ],
  [{ name: 'look_up', arguments: { q: 'last' } }],
  [],
];
export const wantedTexts = ['Looking at both.', '', 'Grüße 👋🏽 found it|a.txt|found it'];

/** More steps than any script has: a loop that does not end is a failure. */
export const MAX_STEPS = 5;
