import { z } from 'zod';

/** How often a check looks, and how long it waits. */
export const pace = (intervalS = 5, timeoutS = 5, floorS = 0.1) => ({
  interval_s: z
    .number()
    .min(floorS)
    .max(86_400)
    .default(intervalS)
    .meta({ description: 'Seconds from one look to the next.' }),
  timeout_s: z
    .number()
    .min(0.05)
    .max(600)
    .default(timeoutS)
    .meta({ description: 'Seconds until a look without an answer counts as failed.' }),
});

/** For what is asked over a network, where one lost packet says little. */
export const retries = {
  retries: z
    .int()
    .min(0)
    .max(5)
    .default(0)
    .meta({ description: 'Asked again at once this many times before a look counts as failed.' }),
};

export const maxLatency = {
  max_latency_ms: z
    .number()
    .min(1)
    .max(600_000)
    .optional()
    .meta({ description: 'A right answer that took longer counts as failed.' }),
};

/** A name or address; never an option of a program. */
export const Host = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\s/?#@-][^\s/?#@]*$/, 'a host name or an address')
  .meta({ description: 'Host name or address.' });

export const Port = z.int().min(1).max(65_535);

/** Days a certificate has to be valid for. */
export const certificateDays = (fallback: number) =>
  z
    .number()
    .min(0)
    .max(825)
    .default(fallback)
    .meta({ description: 'Fails when the certificate expires in fewer days. 0: only once it has expired.' });

export const caFile = z
  .string()
  .optional()
  .meta({ description: 'PEM file of certificate authorities that are trusted besides the usual ones.' });
