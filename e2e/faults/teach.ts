import { refuse, say } from './sick-provider.ts';
import type { World } from './world.ts';

/** A turn that says how much chance it wants. */
export const warm = { temperature: 0.2, tools: true };

/** A provider refuses `temperature` for a while: the gateway learns to leave it out. */
export async function teachNoTemperature({ sick, turns }: World, patient: string): Promise<void> {
  const error = {
    message: "Unsupported parameter: 'temperature' is not supported with this model.",
    type: 'invalid_request_error',
    param: 'temperature',
    code: 'unsupported_parameter',
  };
  const well = say('All is well.');
  sick.falls(patient, (seen, res) =>
    (seen.json?.['temperature'] === undefined ? well : refuse(400, error))(seen, res),
  );
  await turns(patient, 2, warm);
}
