import { z } from 'zod';

/** A host name, `host:port`, an address, or a network in CIDR notation. */
const PrivatePlace = z
  .string()
  .regex(
    /^(?:[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?(?::\d{1,5})?|\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?|\[?[0-9a-f:]+(?:%[0-9a-z]+)?\]?(?:\/\d{1,3}|:\d{1,5})?)$/i,
    'a host name, host:port, an address, or a network such as 10.0.0.0/8',
  );

/** The one guarded way out: whatever Vigiles sends to an address that a person or an agent named. */
export const EgressConfig = z
  .strictObject({
    allow_private: z.array(PrivatePlace).max(200).default([]).meta({
      description:
        'Hosts and networks of your own that may be reached although they are not public: gotify.lan, 127.0.0.1:8080, 192.168.1.0/24. Only for addresses that stand in this file; for those that agents ask for there is allow_private_asked.',
    }),
    allow_private_asked: z.array(PrivatePlace).max(200).default([]).meta({
      description:
        'The same for addresses that agents, devices and web pages name: all of them can then read what these hosts answer.',
    }),
    connect_timeout_s: z.number().min(0.05).max(120).default(10),
    timeout_s: z.number().min(0.05).max(600).default(30).meta({
      description: 'Longest time for one request, redirects and the whole answer included.',
    }),
    max_body_mb: z
      .number()
      .min(0.001)
      .max(512)
      .default(5)
      .meta({ description: 'Longest answer, counted after it was decompressed.' }),
    max_redirects: z.int().min(0).max(20).default(5),
  })
  .prefault({});
export type EgressConfig = z.output<typeof EgressConfig>;
