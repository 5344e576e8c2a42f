/** Which encoder a repository holds, and what it takes, as its small files tell before any network is there. */
import { z } from 'zod';
import { Fault } from '../faults';
import { parseClapConfig } from './clap/config';
import { parseClipConfig } from './clip/config';
import type { EncoderConfig, Modality } from './encoder';

const MODALITIES = { clip: 'picture', clap: 'sound' } as const;
const schema = z.object({ model_type: z.enum(['clip', 'clap']) });

/**
 * @param file that the fault names
 * @throws Fault bad-file where it is neither a CLIP nor a CLAP
 */
export function modalityOf(file: string, json: unknown): Modality {
  const { data } = schema.safeParse(json);
  if (data) return MODALITIES[data.model_type];
  const problem = 'It tells neither of a CLIP nor of a CLAP (model_type).';
  throw new Fault({ kind: 'bad-file', file, problem });
}

/** @throws Fault bad-file */
export const parseEncoderConfig = (file: string, json: unknown): EncoderConfig =>
  modalityOf(file, json) === 'sound' ? parseClapConfig(file, json) : parseClipConfig(file, json);
