/** The shapes world for the worker: scenes on canvases. */
import { Fault } from '../../faults';
import { attributesNamed } from '../../worlds/shapes/attributes';
import { caption, fullCaption, wholeCaptions } from '../../worlds/shapes/captions';
import { drawScene } from '../../worlds/shapes/render';
import { isHeldOut, sampleScene, type Scene, type SceneOptions } from '../../worlds/shapes/scene';
import { createWorld } from '../world';

const SIDE = 128;

export const SHAPES = createWorld<Scene, SceneOptions>({
  modality: 'picture',
  attributes: ['colour', 'shape', 'size', 'place'],
  sample: sampleScene,
  draw(scene, random) {
    const canvas = new OffscreenCanvas(SIDE, SIDE);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context)
      throw new Fault({ kind: 'unexpected', message: 'this browser has no 2D canvas in workers' });
    drawScene(context, scene, random);
    return canvas;
  },
  caption,
  fullCaption,
  // Two objects can be named in too many ways to list.
  wholeCaptions: (scene) => (scene.kind === 'one' ? wholeCaptions(scene) : [fullCaption(scene)]),
  attributesNamed,
  isHeldOut,
  options: {
    training: { heldOut: 'exclude' },
    evaluation: { heldOut: 'only', twoObjectShare: 0 },
    watched: (index, count) => ({
      heldOut: index % 2 === 0 ? 'only' : 'exclude',
      twoObjectShare: index === count - 1 ? 1 : 0,
    }),
  },
});
