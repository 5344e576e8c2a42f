/** What was given, as the encoder of the run takes it; what it cannot take is told in words. */
import { type FaultCause, toFaultCause } from '../../faults';
import type { EncoderNews, GivenFile } from '../../worker/protocol';
import { isSound } from '../files';

type Hearing = NonNullable<EncoderNews['hearing']>;

/** @returns mono samples at the rate, cut; and how long the sound was. @throws Fault bad-sound */
export type Decode = (
  file: { name: string; data: Blob },
  hearing: Hearing,
) => Promise<{ samples: Float32Array; seconds: number }>;

export interface Inputs {
  inputs: GivenFile[];
  faults: FaultCause[];
  /** What a person should know of what was done to them. */
  notes: string[];
}

/** @param encoder undefined before its files told what it takes: then it looks at pictures */
export async function inputsOf(
  files: readonly GivenFile[],
  encoder: EncoderNews | undefined,
  decode: Decode,
): Promise<Inputs> {
  const { modality: wanted = 'picture', hearing } = encoder ?? {};
  const found: Inputs = { inputs: [], faults: [], notes: [] };
  for (const { name, data } of files) {
    const modality =
      !(data instanceof Blob) || isSound({ name, type: data.type }) ? 'sound' : 'picture';
    if (modality !== wanted) found.faults.push({ kind: 'other-modality', file: name, wanted });
    else if (!hearing || !(data instanceof Blob)) found.inputs.push({ name, data });
    else
      try {
        const { samples, seconds } = await decode({ name, data }, hearing);
        const most = hearing.samples / hearing.rate;
        if (seconds > most)
          found.notes.push(
            `Of the ${seconds.toFixed(1)} s of ${name} the first ${most} s are heard: these models take no more.`,
          );
        found.inputs.push({ name, data: samples });
      } catch (error) {
        found.faults.push(toFaultCause(error));
      }
  }
  return found;
}
