import { eventMap, socketName, volatileMap } from '@vigiles/contract';
import { z } from 'zod';

const fields = (schema: z.ZodType) => {
  const json = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as {
    properties?: Record<string, unknown>;
  };
  return Object.keys(json.properties ?? {})
    .map((name) => `\`${name}\``)
    .join(', ');
};

const table = (map: Record<string, z.ZodType>) =>
  Object.entries(map)
    .map(([type, schema]) => `| \`${type}\` | \`${socketName(type)}\` | ${fields(schema)} |`)
    .join('\n');

/** The page that lists every event: type in the log, name on Socket.IO, fields of its data. */
export function eventReference(): string {
  return `<!-- Written by npm run gen. Do not edit. -->
# Events

Every event below is in the log (\`GET /api/v1/events\`), on \`/ws\` under its type, and on Socket.IO under its socket name.

| type | Socket.IO | data |
| --- | --- | --- |
${table(eventMap)}

Sent live only, to those who subscribe to the topic:

| topic | Socket.IO | data |
| --- | --- | --- |
${table(volatileMap)}
`;
}
