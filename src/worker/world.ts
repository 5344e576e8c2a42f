/** Pictures of the bundled world, drawn from fixed seeds: what training, evaluation and the page see. */
import type { Corpus } from '../esper/networks';
import { Fault } from '../faults';
import { Random } from '../math/random';
import { caption, fullCaption } from '../worlds/shapes/captions';
import { drawScene } from '../worlds/shapes/render';
import { isHeldOut, sampleScene, type Scene, type SceneOptions } from '../worlds/shapes/scene';
import { styleLabel } from '../worlds/styles';

const SIDE = 128;
const SEED = 2205_12630;
/** One stream a use, so that no picture serves two; the training set has one a picture, from there on. */
const STREAMS = { evaluation: 1, watched: 2, training: 1000 } as const;

/** What a run's captions follow, unless its settings say otherwise. */
export const LABEL = styleLabel('caption');

export interface WorldPicture {
  scene: Scene;
  /** The generator's own caption. */
  truth: string;
  heldOut: boolean;
  canvas: OffscreenCanvas;
}

function drawPictures(
  stream: number,
  count: number,
  optionsOf: (index: number) => SceneOptions,
): WorldPicture[] {
  const random = new Random(SEED, stream);
  return Array.from({ length: count }, (_, index) => {
    const scene = sampleScene(random, optionsOf(index));
    const canvas = new OffscreenCanvas(SIDE, SIDE);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context)
      throw new Fault({ kind: 'unexpected', message: 'this browser has no 2D canvas in workers' });
    drawScene(context, scene, random);
    return { scene, truth: fullCaption(scene), heldOut: isHeldOut(scene), canvas };
  });
}

/** Picture `index` of the training set: its colour-shape pairs are all in the training share. */
export const trainingPicture = (index: number): WorldPicture =>
  drawPictures(STREAMS.training + index, 1, () => ({ heldOut: 'exclude' }))[0]!;

/** Texts of the world without any picture; what is held out is in none of them. */
export const WORLD_TEXTS: Corpus = {
  draw: (random) => caption(sampleScene(random, { heldOut: 'exclude' }), 'caption', random),
};

/** Scenes of one object whose colour-shape pair is never trained on. */
export const evaluationPictures = (count: number): WorldPicture[] =>
  drawPictures(STREAMS.evaluation, count, () => ({ heldOut: 'only', twoObjectShare: 0 }));

/** The handful that the page shows beside the curve: every second one is of a held-out pair. */
export const watchedPictures = (count: number): WorldPicture[] =>
  drawPictures(STREAMS.watched, count, (index) => ({
    heldOut: index % 2 === 0 ? 'only' : 'exclude',
    twoObjectShare: index === count - 1 ? 1 : 0,
  }));
