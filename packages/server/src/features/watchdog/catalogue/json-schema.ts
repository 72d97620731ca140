import { z } from 'zod';
import { FaultFile } from '@vigiles/contract';

/** The JSON Schema of a catalogue file as people write it, for editors and for the form of the dashboard. */
export const faultFileJsonSchema = (): Record<string, unknown> =>
  z.toJSONSchema(FaultFile, { target: 'draft-2020-12', io: 'input' });
