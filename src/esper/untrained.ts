/** The projector as its seed made it, for a moment. */
import type { Projector } from './projector';
import { initialProjector } from './projector/values';

/** Runs `work` with the untrained weights; the trained ones are put back to the bit. */
export async function asUntrained<T>(
  projector: Projector,
  seed: number,
  work: () => Promise<T>,
): Promise<T> {
  const trained = new Map<string, Float32Array>();
  for (const { name, value } of projector.parameters)
    trained.set(name, (await value.read()) as Float32Array);
  const { convention } = projector;
  projector.write(initialProjector(projector.shape, seed));
  projector.convention = 'raw';
  try {
    return await work();
  } finally {
    for (const { name, value } of projector.parameters) value.write(trained.get(name)!);
    projector.convention = convention;
  }
}
