import { z } from 'zod';

/** An http(s) address, or a reference to one. */
export const webAddress = z
  .string()
  .max(2048)
  .regex(/^(https?:\/\/[^\s/]+\S*|\$\{(env|secret):[^}]+\})$/i, 'must be an http(s) address or a reference');
